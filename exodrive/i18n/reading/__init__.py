"""How dates and times are typed and shown by Django's own forms and lists: day first, in every language of the site.

ISO is read everywhere beside these, since it has one meaning. Month first never is: `05/07` would have two.
"""

DATE_INPUT_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y"]  # the first one is shown
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%Hh%M"]
DATETIME_INPUT_FORMATS = [
    f"{day} {clock}" for day in DATE_INPUT_FORMATS for clock in ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f")
]
MONDAY = 1
