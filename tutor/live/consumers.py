"""The websocket of a run's page: it says where it stands and gets what it lacks."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from tutor.lessons.errors import UnknownLesson
from tutor.runs.models import Run
from tutor.styles import moment as page

from .switchboard import switchboard

MAX_MESSAGE = 16 * 1024
"""Bytes of a message from a browser; a longer one closes the socket."""
LOOK_EVERY_S = 2.0
"""How often the store is looked at without being told to: a layer's message may never come."""
NO_SUCH_RUN, UNSUPPORTED, TOO_BIG, BROKE_OFF = 4404, 1003, 1009, 1011

logger = logging.getLogger(__name__)


class RunConsumer(AsyncWebsocketConsumer):
    """Sends `#walk-nav` when the run has gone on, and `#stage` too to a browser that follows.

    The browser says where its page stands (`Standing`) when it opens the socket and whenever that changes. Each
    fragment is whole, so that whatever was missed is made good by the next one.
    """

    run: Run

    async def __call__(self, *connection: Any) -> None:
        """Serve one socket; however that ends, nothing of it is left."""
        self.tasks: list[asyncio.Task[None]] = []
        try:
            await super().__call__(*connection)
        finally:
            for task in self.tasks:
                task.cancel()
            if self.tasks:
                await switchboard().leave(self.run.group, self)

    async def connect(self) -> None:
        self.step: int | None = None
        self.follow = False
        self.sent: tuple[Any, ...] | None = None
        self.wanted = asyncio.Event()
        await self.accept()
        try:
            self.run = await Run.objects.aget(public_id=self.scope["url_route"]["kwargs"].get("public_id", ""))
        except Run.DoesNotExist:
            await self.close(NO_SUCH_RUN)
            return
        await switchboard().join(self.run.group, self)
        self.tasks = [asyncio.create_task(self.keep_up()), asyncio.create_task(self.keep_looking())]

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if len((text_data or "").encode() or bytes_data or b"") > MAX_MESSAGE:
            await self.close(TOO_BIG)
            return
        try:
            standing = Standing.from_text(text_data)
        except ValueError:
            await self.close(UNSUPPORTED)
            return
        self.step, self.follow = standing.step, standing.follow
        self.sent = (standing.made, standing.ended, None)
        self.look()

    def look(self) -> None:
        """See whether there is something new. Said twice before it was done, it is done once."""
        self.wanted.set()

    async def keep_up(self) -> None:
        """Send news whenever some may be there; a browser whose news can't be had is asked to come back."""
        try:
            while True:
                await self.wanted.wait()
                self.wanted.clear()
                if self.step is not None and (news := await database_sync_to_async(self.news)()):
                    await self.send(text_data=news)
        except UnknownLesson:
            await self.close(NO_SUCH_RUN)
        except Exception:
            logger.exception("The socket of run %s broke off", self.run.public_id)
            await self.close(BROKE_OFF)

    async def keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if self.run.state == Run.State.ENDED:
                return
            self.look()

    def news(self) -> str | None:
        """The fragments that the browser lacks, from the store; None if it lacks nothing."""
        self.run.refresh_from_db()
        moment = page.at_step(self.run, self.step)
        if self.follow and moment.made != self.step:
            moment = page.at_step(self.run, moment.made)
            self.step, self.sent = moment.position, moment.progress
            return moment.walk_nav() + moment.stage()
        if moment.progress == self.sent:
            return None
        self.sent = moment.progress
        return moment.walk_nav()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a browser says of its page."""

    step: int
    """The step that it shows."""
    follow: bool
    """Whether it wants each new step as it is made."""
    made: int
    """How many steps its scrubber has."""
    ended: bool
    """Whether it knows that the run has ended."""

    @classmethod
    def from_text(cls, text: str | None) -> Standing:
        """The standing that a message tells of. Raises ValueError for any other message."""
        try:
            told = json.loads(text or "")
            standing = cls(told["step"], told["follow"], told["made"], told["ended"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ValueError("The message is not {step, follow, made, ended}.") from error
        numbers, flags = (standing.step, standing.made), (standing.follow, standing.ended)
        if not all(type(each) is int and each >= 0 for each in numbers) or not all(
            type(each) is bool for each in flags
        ):
            raise ValueError("step and made are whole numbers, follow and ended are true or false.")
        return standing
