/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "3/4", "echo-request": types and codes of ICMP and ICMPv6, for -m icmp and -m icmp6. */
#ifndef RULES_ICMP_TYPES_H
#define RULES_ICMP_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "rules/extension.h"

/* In a table of names: the value is a type and a range of codes. */
#define ICMP_TYPE(type, first_code, last_code) ((uint32_t)(type) << 16 | (first_code) << 8 | (last_code))

enum { ICMP_HEADER_LEN = 8 };

struct icmp_test {
	uint8_t type, first_code, last_code;
};

/* A name or the beginning of one name alone, TYPE or TYPE/CODE; `title` is "ICMP" or "ICMPv6". */
bool icmp_types_parse(const struct argument *value, const char *title, const struct option_name *names,
		      struct icmp_test *test, struct diagnostics *diagnostics);

static inline bool icmp_types_holds(const struct icmp_test *test, uint8_t type, uint8_t code)
{
	return type == test->type && code >= test->first_code && code <= test->last_code;
}

/* As values of FIELD_ICMP. */
static inline struct number_range icmp_types_range(const struct icmp_test *test)
{
	return (struct number_range){ test->type * 256u + test->first_code, test->type * 256u + test->last_code };
}

/* "3/4" or "3". */
void icmp_types_print(const struct icmp_test *test, struct text *out);

/* " icmptype 3 code 4", " icmp !type 3": the word before is the protocol's name. */
void icmp_types_list(const char *protocol, const struct icmp_test *test, bool is_inverted, struct text *out);

#endif
