// The modules of a lesson's and a run's page, in the order in which they listen. That of the style is loaded after them.

import "../styles/parts/changes.js";
import "../styles/parts/walk.js";
import "../styles/parts/address.js";
import "../styles/parts/prefetch.js";
import "../styles/parts/press.js";
import "../styles/parts/play.js";
import "../live/socket.js";
import "../live/connection.js";
import "../live/load_htmx.js";
import "../live/resend.js";
import "../live/outdated.js";
import "../quizzes/questions.js";
import "../styles/parts/shown.js";
import "../styles/parts/link.js";
import "../styles/parts/menu.js";
import "../styles/parts/flow.js";
import "../styles/parts/follow.js";
import "../styles/parts/claim_card.js";
import "./style_tabs.js";
import "./keys.js";
import "./share.js";
import "./place.js";
import "./run_again.js";
