"""As in Portugal."""

from exodrive.i18n import reading

DATE_INPUT_FORMATS = reading.DATE_INPUT_FORMATS
TIME_INPUT_FORMATS = reading.TIME_INPUT_FORMATS
DATETIME_INPUT_FORMATS = reading.DATETIME_INPUT_FORMATS
DATE_FORMAT = "j \\d\\e F \\d\\e Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j \\d\\e F \\d\\e Y, H:i"
YEAR_MONTH_FORMAT = "F \\d\\e Y"
MONTH_DAY_FORMAT = "j \\d\\e F"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
FIRST_DAY_OF_WEEK = reading.MONDAY
