/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Virtual time as decimal seconds. */
#ifndef SINK_TIME_PRINT_H
#define SINK_TIME_PRINT_H

#include <stdint.h>

#include "base/text.h"
#include "clock/vtime.h"

/* Seconds, a point and `digits` (1 to 9) of the nanoseconds; digits that do not fit are cut, not rounded. */
void time_print(struct vtime time, unsigned digits, struct text *out);

/* The same at `at`, where TIME_ROOM bytes are free; returns what is behind it. */
enum { TIME_ROOM = TEXT_U64_ROOM + sizeof("-.123456789") };
char *time_write(char *at, struct vtime time, unsigned digits);

/* How many bytes that are. */
size_t time_width(struct vtime time, unsigned digits);

/* origin + time, likewise: absolute Unix time. */
void time_print_absolute(int64_t origin_seconds, uint32_t origin_ns, struct vtime time, unsigned digits,
			 struct text *out);

/* origin + time in whole seconds of Unix time, rounded down. */
int64_t time_print_seconds(int64_t origin_seconds, uint32_t origin_ns, struct vtime time);

/* "Mon Nov 23 14:03:06 2026", UTC, for an absolute time. */
void time_print_calendar(int64_t seconds, struct text *out);

/* "2026-11-23 14:03:06.123456 UTC" for an absolute time. */
void time_print_date(int64_t seconds, uint32_t ns, struct text *out);

#endif
