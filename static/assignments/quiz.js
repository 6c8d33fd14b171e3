// The modules of a student's questions.

import "../live/connection.js";
import "../live/resend.js";
import "../quizzes/questions.js";
import "./drafts.js";
import "./moments.js";
import "./question.js";
import "./timer.js";
