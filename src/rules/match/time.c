/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m time: date, day and time of day. Linux 6.18, xt_time.c: time_mt(). The time is the capture's, in UTC; --kerneltz
 * is the time zone of the kernel, which is UTC too unless somebody tells it otherwise: never that of this machine.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "rules/match_parts.h"

enum { DATESTART, DATESTOP, TIMESTART, TIMESTOP, MONTHDAYS, WEEKDAYS, UTC, KERNELTZ, CONTIGUOUS };

enum { DAY = 86400, LAST_SECOND = DAY - 1, ALL_WEEKDAYS = 0xfe, FIRST_YEAR = 1970, LAST_YEAR = 2038 };

#define ALL_MONTHDAYS UINT32_C(0xfffffffe)

struct time_config {
	struct option_marks marks;
	int64_t date_start, date_stop;	/* Unix */
	uint32_t start, stop;		/* seconds of the day */
	uint32_t monthdays, weekdays;	/* bit 1 is the first, and Monday */
};

static const char *const weekday_names[] = { NULL, "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

/* Days since 1970-01-01 of the proleptic Gregorian calendar. */
static int64_t days_from_date(int64_t year, unsigned month, unsigned day)
{
	int64_t shifted = month <= 2 ? year - 1 : year, era = shifted / 400;
	unsigned of_era = (unsigned)(shifted - era * 400), of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + (int64_t)(of_era * 365 + of_era / 4 - of_era / 100 + of_year) - 719468;
}

struct date {
	unsigned year, month, day;
};

static struct date date_from_days(int64_t days)
{
	int64_t shifted = days + 719468, era = shifted / 146097;
	unsigned of_era = (unsigned)(shifted - era * 146097);
	unsigned year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	unsigned of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;

	return (struct date){
		.year = year + (unsigned)era * 400 + (month >= 10),
		.month = month < 10 ? month + 3 : month - 9,
		.day = of_year - (153 * month + 2) / 5 + 1,
	};
}

/* One number and the character that may follow it; false when the text is wrong. *at is NULL at the end. */
static bool read_part(const char **at, char separator, unsigned long most, unsigned long *number)
{
	char *end;

	*number = strtoul(*at, &end, 10);
	if ((*end && *end != separator) || *number > most)
		return false;
	*at = *end ? end + 1 : NULL;
	return true;
}

/* YYYY[-MM[-DD[Thh[:mm[:ss]]]]] */
static bool read_date(const char *text, int64_t *seconds)
{
	static const struct { char separator; unsigned most; } parts[] = {
		{ '-', LAST_YEAR }, { '-', 12 }, { 'T', 31 }, { ':', 23 }, { ':', 59 }, { '\0', 59 },
	};
	unsigned long number[6] = { 0, 1, 1, 0, 0, 0 };

	for (unsigned i = 0; text && i < 6; i++) {
		if (!read_part(&text, parts[i].separator, parts[i].most, &number[i]))
			return false;
	}
	if (text || number[0] < FIRST_YEAR)
		return false;
	/* mktime(3) takes a month 0 or a day 0 for the one before. */
	if (!number[1]) {
		number[0]--;
		number[1] = 12;
	}
	*seconds = (days_from_date((int64_t)number[0], (unsigned)number[1], 1) + (int64_t)number[2] - 1) * DAY +
		   (int64_t)(number[3] * 3600 + number[4] * 60 + number[5]);
	return *seconds >= 0;
}

static bool parse_date(int64_t *seconds, const struct argument *value, struct diagnostics *diagnostics)
{
	if (read_date(value->text, seconds))
		return true;
	diag_error(diagnostics, value->where, "YYYY[-MM[-DD[Thh[:mm[:ss]]]]], 1970 to 2038", "\"%s\" is not a date", value->text);
	return false;
}

static bool parse_date_start(void *config, const struct argument *values, const struct extension_place *place,
			     struct diagnostics *diagnostics)
{
	(void)place;
	return parse_date(&((struct time_config *)config)->date_start, values, diagnostics);
}

static bool parse_date_stop(void *config, const struct argument *values, const struct extension_place *place,
			    struct diagnostics *diagnostics)
{
	(void)place;
	return parse_date(&((struct time_config *)config)->date_stop, values, diagnostics);
}

/* hh:mm[:ss] */
static bool parse_time(uint32_t *seconds, const struct argument *value, struct diagnostics *diagnostics)
{
	unsigned long hours, minutes, rest = 0;
	const char *at = value->text;

	if (read_part(&at, ':', 23, &hours) && at && read_part(&at, ':', 59, &minutes) &&
	    (!at || (read_part(&at, '\0', 59, &rest) && !at))) {
		*seconds = (uint32_t)(hours * 3600 + minutes * 60 + rest);
		return true;
	}
	diag_error(diagnostics, value->where, "hh:mm[:ss], 00:00 to 23:59:59", "\"%s\" is not a time of day", value->text);
	return false;
}

static bool parse_start(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	(void)place;
	return parse_time(&((struct time_config *)config)->start, values, diagnostics);
}

static bool parse_stop(void *config, const struct argument *values, const struct extension_place *place,
		       struct diagnostics *diagnostics)
{
	(void)place;
	return parse_time(&((struct time_config *)config)->stop, values, diagnostics);
}

/*
 * Whether the word is empty: no day, which iptables 1.8.9 takes between any two commas of --monthdays, and behind the last one
 * of --weekdays (time_parse_monthdays(), time_parse_weekdays()).
 */
static bool is_no_day(const struct option_word *word, struct diagnostics *diagnostics)
{
	if (word->text[0])
		return false;
	diag_warning(diagnostics, word->where, NULL, "no day stands here");
	return true;
}

static bool parse_monthdays(void *config, const struct argument *values, const struct extension_place *place,
			    struct diagnostics *diagnostics)
{
	struct time_config *wanted = config;
	const char *at = values->text;
	struct option_word word;
	uint32_t day;

	(void)place;
	wanted->monthdays = 0;
	while (at) {
		options_next_word(values, &at, ',', &word);
		if (is_no_day(&word, diagnostics)) {
			wanted->monthdays |= at ? 1 : 0;	/* before a comma it is read as 0, and a month has no day 0 */
			continue;
		}
		if (!options_parse_number(&word, 0, 31, &day, diagnostics))
			return false;
		wanted->monthdays |= UINT32_C(1) << day;
	}
	return true;
}

/*
 * A number, or a name of which two letters count. iptables 1.8.9 takes every number but 0 (time_parse_weekdays()); the
 * rule has 8 bits for them, so that one above 7 is lost.
 */
static bool read_weekday(const struct option_word *word, uint32_t *weekdays, struct diagnostics *diagnostics)
{
	char *end;
	unsigned long day = strtoul(word->text, &end, 0);

	if (word->text[0] && !*end) {
		*weekdays |= (uint8_t)(UINT32_C(1) << day % 32);
		if (day > 7)
			diag_warning(diagnostics, word->where, "1 is Monday, 7 Sunday", "a week has no day %s", word->text);
		return day != 0;
	}
	for (day = 1; day <= 7; day++) {
		if (strncmp(word->text, weekday_names[day], 2) == 0) {
			*weekdays |= UINT32_C(1) << day;
			return true;
		}
	}
	return false;
}

static bool parse_weekdays(void *config, const struct argument *values, const struct extension_place *place,
			   struct diagnostics *diagnostics)
{
	struct time_config *wanted = config;
	const char *at = values->text;
	struct option_word word;

	(void)place;
	wanted->weekdays = 0;
	while (at) {
		options_next_word(values, &at, ',', &word);
		if (!at && is_no_day(&word, diagnostics))
			continue;
		if (read_weekday(&word, &wanted->weekdays, diagnostics))
			continue;
		diag_error(diagnostics, word.where, "Mon, Tue, Wed, Thu, Fri, Sat, Sun, or 1 to 7", "\"%s\" is not a weekday", word.text);
		return false;
	}
	return true;
}

#define CUSTOM_OPTION(option, id, more, value, function, words) \
	{ .name = option, .kind = OPTION_CUSTOM, .n_values = 1, .flags = more, .mark = id, .value_name = value, \
	  .parse = function, .summary = words }

static const struct option_spec options[] = {
	CUSTOM_OPTION("datestart", DATESTART, 0, "date", parse_date_start, "not before: YYYY[-MM[-DD[Thh[:mm[:ss]]]]]"),
	CUSTOM_OPTION("datestop", DATESTOP, 0, "date", parse_date_stop, "not after"),
	CUSTOM_OPTION("timestart", TIMESTART, 0, "time", parse_start, "time of day, not before: hh:mm[:ss]"),
	CUSTOM_OPTION("timestop", TIMESTOP, 0, "time", parse_stop, "not after; less than --timestart: over midnight"),
	{ .name = "contiguous", .kind = OPTION_FLAG, .mark = CONTIGUOUS,
	  .summary = "what is after midnight belongs to the day before" },
	CUSTOM_OPTION("monthdays", MONTHDAYS, OPTION_INVERTIBLE, "day[,day]", parse_monthdays, "days of the month"),
	CUSTOM_OPTION("weekdays", WEEKDAYS, OPTION_INVERTIBLE, "day[,day]", parse_weekdays, "Mon to Sun, or 1 to 7"),
	{ .name = "kerneltz", .kind = OPTION_FLAG, .mark = KERNELTZ, .excludes = 1 << UTC, .excluded_names = "--utc",
	  .summary = "in the kernel's time zone (here UTC)" },
	{ .name = "localtz", .flags = OPTION_IS_ALIAS, .alias_of = "kerneltz" },
	{ .name = "utc", .kind = OPTION_FLAG, .mark = UTC, .excludes = 1 << KERNELTZ, .excluded_names = "--kerneltz",
	  .summary = "as without it" },
};

static void init(void *config)
{
	struct time_config *wanted = config;

	wanted->stop = LAST_SECOND;
	wanted->date_stop = INT32_MAX;
	wanted->monthdays = ALL_MONTHDAYS;
	wanted->weekdays = ALL_WEEKDAYS;
}

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct time_config *wanted = config;

	/* iptables stores the other days, and the mark is no longer needed. */
	if (options_is_inverted(&wanted->marks, MONTHDAYS))
		wanted->monthdays ^= ALL_MONTHDAYS;
	if (options_is_inverted(&wanted->marks, WEEKDAYS))
		wanted->weekdays ^= ALL_WEEKDAYS;
	wanted->marks.inverted = 0;
	if (!options_is_seen(&wanted->marks, CONTIGUOUS) || wanted->start >= wanted->stop)
		return true;
	diag_error(diagnostics, place->where, NULL, "--contiguous needs a --timestart that is later than --timestop");
	return false;
}

static bool time_of_day_holds(const struct time_config *wanted, uint32_t second)
{
	if (wanted->start < wanted->stop)
		return second >= wanted->start && second <= wanted->stop;
	return second >= wanted->start || second <= wanted->stop;
}

static int64_t unix_seconds(const struct subject *subject)
{
	int64_t ns = subject->origin_ns + subject->now.ns, seconds = ns / VTIME_NS_PER_SECOND;

	return ns < seconds * VTIME_NS_PER_SECOND ? seconds - 1 : seconds;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct time_config *wanted = config;
	int64_t seconds = unix_seconds(subject), days;
	uint32_t second;

	(void)state;
	if (seconds < 0 || seconds < wanted->date_start || seconds > wanted->date_stop)
		return MATCH_NO;
	second = (uint32_t)(seconds % DAY);
	if (!time_of_day_holds(wanted, second))
		return MATCH_NO;
	if (wanted->start >= wanted->stop && options_is_seen(&wanted->marks, CONTIGUOUS) && second <= wanted->stop)
		seconds -= DAY;
	days = seconds < 0 ? -1 : seconds / DAY;
	/* 1970-01-01 was a Thursday. */
	if (!(wanted->weekdays >> ((days + 3) % 7 + 1) & 1))
		return MATCH_NO;
	return wanted->monthdays >> date_from_days(days).day & 1 ? MATCH_YES : MATCH_NO;
}

static void print_time(uint32_t seconds, struct text *out)
{
	text_printf(out, "%02u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

static void print_date(int64_t seconds, char separator, struct text *out)
{
	struct date date = date_from_days(seconds / DAY);

	text_printf(out, "%04u-%02u-%02u%c", date.year, date.month, date.day, separator);
	print_time((uint32_t)(seconds % DAY), out);
}

static void print_weekdays(uint32_t weekdays, struct text *out)
{
	const char *separator = "";

	text_append_char(out, ' ');
	for (unsigned day = 1; day <= 7; day++) {
		if (!(weekdays >> day & 1))
			continue;
		text_printf(out, "%s%s", separator, weekday_names[day]);
		separator = ",";
	}
}

static void print_monthdays(uint32_t monthdays, bool is_listing, struct text *out)
{
	static const char *const ordinals[] = { "th", "st", "nd", "rd" };
	const char *separator = "";

	text_append_char(out, ' ');
	for (unsigned day = 1; day <= 31; day++) {
		if (!(monthdays >> day & 1))
			continue;
		text_printf(out, "%s%u%s", separator, day,
			    !is_listing ? "" : ordinals[day % 10 > 3 ? 0 : day % 10]);
		separator = ",";
	}
}

static void print(const void *config, struct text *out)
{
	const struct time_config *wanted = config;

	if (wanted->start != 0 || wanted->stop != LAST_SECOND) {
		text_append(out, " --timestart ");
		print_time(wanted->start, out);
		text_append(out, " --timestop ");
		print_time(wanted->stop, out);
	}
	if (wanted->monthdays != ALL_MONTHDAYS) {
		text_append(out, " --monthdays");
		print_monthdays(wanted->monthdays, false, out);
	}
	if (wanted->weekdays != ALL_WEEKDAYS) {
		text_append(out, " --weekdays");
		print_weekdays(wanted->weekdays, out);
	}
	if (wanted->date_start) {
		text_append(out, " --datestart ");
		print_date(wanted->date_start, 'T', out);
	}
	text_append(out, " --datestop ");
	print_date(wanted->date_stop, 'T', out);
	if (options_is_seen(&wanted->marks, KERNELTZ))
		text_append(out, " --kerneltz");
	if (options_is_seen(&wanted->marks, CONTIGUOUS))
		text_append(out, " --contiguous");
}

static void list(const void *config, struct text *out)
{
	const struct time_config *wanted = config;

	text_append(out, " TIME");
	if (wanted->start != 0 || wanted->stop != LAST_SECOND) {
		text_append(out, " from ");
		print_time(wanted->start, out);
		text_append(out, " to ");
		print_time(wanted->stop, out);
	}
	if (wanted->weekdays != ALL_WEEKDAYS) {
		text_append(out, " on");
		print_weekdays(wanted->weekdays, out);
	}
	if (wanted->monthdays != ALL_MONTHDAYS) {
		text_append(out, " on");
		print_monthdays(wanted->monthdays, true, out);
	}
	if (wanted->date_start) {
		text_append(out, " starting from ");
		print_date(wanted->date_start, ' ', out);
	}
	if (wanted->date_stop != INT32_MAX) {
		text_append(out, " until date ");
		print_date(wanted->date_stop, ' ', out);
	}
	if (!options_is_seen(&wanted->marks, KERNELTZ))
		text_append(out, " UTC");
	if (options_is_seen(&wanted->marks, CONTIGUOUS))
		text_append(out, " contiguous");
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	int64_t seconds = unix_seconds(subject);

	text_append(out, "time");
	print(config, out);
	text_append(out, ": packet came at ");
	print_date(seconds < 0 ? 0 : seconds, ' ', out);
}

const struct match_type match_time = {
	.name = "time",
	.summary = "time of day and date",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct time_config),
	.init = init,
	.check = check,
	.eval = eval,
	.print = print,
	.list = list,
	.explain = explain,
};
