// The remote of a class.

import "../styles/parts/changes.js";
import "../live/socket.js";
import "../live/connection.js";
import "../styles/parts/shown.js";
import "../styles/parts/menu.js";
import "./commands.js";
