// The modules of a page with one question of a quiz.

import "../live/connection.js";
import "../live/resend.js";
import "../quizzes/questions.js";
