"""Questions that travel: a list of questions as a file for Moodle, in GIFT or in Moodle XML. Pure.

`gift.gift` and `moodle_xml.moodle_xml` return the text of the file, and, in sentences for a teacher, what the format
can't hold. A question stands alone in Moodle, so its text contains the program that it is about. A key travels only if
it is beyond doubt there too: a question with several right orders, or with options that read the same, is left out. No
text contains an address of this site.
"""
