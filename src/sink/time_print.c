/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/time_print.h"

#include <string.h>
#include <time.h>

enum { ALL_DIGITS = 9, POINT_LEN = 1 };

/* Writes the point and nine digits, of which the first `digits` stay. */
static char *write_fraction(char *at, uint32_t ns, unsigned digits)
{
	at[0] = '.';
	at[1] = (char)('0' + ns / 100000000);
	text_write_eight_digits(at + 2, ns % 100000000);
	return at + POINT_LEN + (digits < ALL_DIGITS ? digits : ALL_DIGITS);
}

static void append_fraction(uint32_t ns, unsigned digits, struct text *out)
{
	text_end_at(out, write_fraction(text_room(out, POINT_LEN + ALL_DIGITS), ns, digits));
}

static uint64_t distance(struct vtime time)
{
	return time.ns < 0 ? 0 - (uint64_t)time.ns : (uint64_t)time.ns;
}

char *time_write(char *at, struct vtime time, unsigned digits)
{
	uint64_t ns = distance(time);

	if (time.ns < 0)
		*at++ = '-';
	at = text_write_u64(at, ns / VTIME_NS_PER_SECOND);
	return write_fraction(at, (uint32_t)(ns % VTIME_NS_PER_SECOND), digits);
}

size_t time_width(struct vtime time, unsigned digits)
{
	return (time.ns < 0) + text_count_digits(distance(time) / VTIME_NS_PER_SECOND) + POINT_LEN + (digits < ALL_DIGITS ? digits : ALL_DIGITS);
}

void time_print(struct vtime time, unsigned digits, struct text *out)
{
	text_end_at(out, time_write(text_room(out, TIME_ROOM), time, digits));
}

void time_print_absolute(int64_t origin_seconds, uint32_t origin_ns, struct vtime time, unsigned digits,
			 struct text *out)
{
	int64_t ns = (int64_t)origin_ns + time.ns % VTIME_NS_PER_SECOND;
	int64_t seconds = origin_seconds + time.ns / VTIME_NS_PER_SECOND;

	seconds += ns / VTIME_NS_PER_SECOND;
	ns %= VTIME_NS_PER_SECOND;
	if (ns < 0) {
		ns += VTIME_NS_PER_SECOND;
		seconds--;
	}
	if (seconds < 0) {
		/* From whole seconds below and a fraction above to a sign and what follows it. */
		text_append_char(out, '-');
		seconds = -seconds - (ns > 0);
		ns = ns > 0 ? VTIME_NS_PER_SECOND - ns : 0;
	}
	text_append_u64(out, (uint64_t)seconds);
	append_fraction((uint32_t)ns, digits, out);
}

void time_print_date(int64_t seconds, uint32_t ns, struct text *out)
{
	time_t time = (time_t)seconds;
	struct tm date;

	if (!gmtime_r(&time, &date))
		return;
	text_printf(out, "%04d-%02d-%02d %02d:%02d:%02d", date.tm_year + 1900, date.tm_mon + 1, date.tm_mday,
		    date.tm_hour, date.tm_min, date.tm_sec);
	append_fraction(ns, 6, out);
	text_append(out, " UTC");
}

int64_t time_print_seconds(int64_t origin_seconds, uint32_t origin_ns, struct vtime time)
{
	int64_t ns = (int64_t)origin_ns + time.ns % VTIME_NS_PER_SECOND;
	int64_t seconds = origin_seconds + time.ns / VTIME_NS_PER_SECOND + ns / VTIME_NS_PER_SECOND;

	return ns % VTIME_NS_PER_SECOND < 0 ? seconds - 1 : seconds;
}

void time_print_calendar(int64_t seconds, struct text *out)
{
	static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t time = (time_t)seconds;
	struct tm date;

	if (!gmtime_r(&time, &date))
		return;
	text_printf(out, "%.3s %.3s%3d %02d:%02d:%02d %d", days + 3 * date.tm_wday, months + 3 * date.tm_mon, date.tm_mday,
		    date.tm_hour, date.tm_min, date.tm_sec, date.tm_year + 1900);
}
