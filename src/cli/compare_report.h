/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What cli/compare found, as text for people or as JSON lines: appended to its report. */
#ifndef CLI_COMPARE_REPORT_H
#define CLI_COMPARE_REPORT_H

#include "cli/compare.h"

/* A heading, and below it what each side says. */
void compare_report_print_sides(struct text *out, const char *what, const char *kernel, const char *ours);

/* One difference; `packet` is NULL where it is about none. */
void compare_report_difference(struct compare *compare, const struct packet *packet, const char *what, const char *kernel,
			       const char *ours);

/* As JSON: a packet that could not be compared, and why. */
void compare_report_obstacle(struct compare *compare, const struct packet *packet, const char *obstacle);

/* The last lines. `kernel` says who was asked. */
void compare_report_counts(struct compare *compare, const char *kernel);
void compare_report_counts_as_json(struct compare *compare, const char *kernel);

#endif
