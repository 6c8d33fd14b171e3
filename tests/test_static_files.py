from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

from tutor.static_files import join

FILES = {
    "page.css": '/* A page. */\n@import "parts/row.css";\n@import "paper.css" print;\n.page { color: red }\n',
    "parts/row.css": ".row {\n  color: blue;\n}\n",
    "paper.css": ".page { color: black }\n",
    "page.js": '// A page.\nimport "./parts/row.js";\nimport "./clock.js";\n',
    "parts/row.js": 'const here = "https://row; // 1"; // Where.\n  // Says it.\n  say(here);\n',
    "clock.js": 'import { tick } from "./parts/tick.js";\nimport { tock } from "./tock.js";\ntock(tick);\n',
    "tock.js": 'import { tick } from "./parts/tick.js";\nexport function tock() {\n  tick();\n}\n',
    "parts/tick.js": "export const tick = () => {};\n",
    "renamed.js": 'import { tick as t } from "./parts/tick.js";\nt();\n',
    "all.js": 'import * as all from "./parts/tick.js";\n',
    "vendor/library.js": "// Its licence.\n",
}

REFUSED = {"all.js", "renamed.js"}


def joined(name: str) -> str:
    return join(name, FILES.__getitem__)


def test_a_style_sheet_contains_what_it_imports_in_its_place_without_comments() -> None:
    text = ".row { color: blue; } @media print { .page { color: black } } .page { color: red }"
    assert joined("page.css").split() == text.split()


def test_a_module_contains_those_that_it_imports_each_in_a_scope_of_its_own() -> None:
    assert joined("page.js").startswith('\n{\nconst here = "https://row; // 1";\nsay(here);\n}\n{\n')


def test_a_module_shares_its_scope_with_those_of_which_it_imports_names_and_contains_each_once() -> None:
    assert joined("clock.js") == "const tick = () => {};\nfunction tock() {\ntick();\n}\ntock(tick);\n"


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_an_import_of_another_form_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name}: can't join “import"):
        joined(name)


def test_files_of_others_and_pictures_stay_as_they_are() -> None:
    assert joined("vendor/library.js") == joined("icon.svg") == ""


def test_no_file_of_the_site_imports_another_once_it_is_joined() -> None:
    files = {path: file for finder in get_finders() for path, file in finder.list(None)}
    texts = {name: join(name, lambda name: files[name].open(name).read().decode()) for name in files}
    assert {"pages/lesson_page.css", "pages/lesson_page.js", "styles/timeline.js"} < texts.keys()
    assert [name for name, text in texts.items() if re.search(r"^(import|export)\b|@import", text, re.MULTILINE)] == []


def test_a_changed_part_changes_the_address_of_what_contains_it(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT, settings.STATICFILES_DIRS = tmp_path / "collected", [tmp_path / "static"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "tutor.static_files.JoinedStaticFilesStorage"},
    }
    for name in FILES.keys() - REFUSED:
        (tmp_path / "static" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "static" / name).write_text(FILES[name])
    before = collected("page.css")
    (tmp_path / "static/parts/row.css").write_text(".row { color: green }")
    after = collected("page.css")
    assert after.name != before.name
    assert "green" in after.read_text()


def collected(name: str) -> Path:
    """Collect static files as a site does before it is served; return the file that pages load for `name`."""
    call_command("collectstatic", interactive=False, verbosity=0)
    return Path(staticfiles_storage.path(staticfiles_storage.stored_name(name)))
