/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What -m hbh and -m dst have in common: an IPv6 header of options. Linux 6.18, ip6t_hbh.c: hbh_mt6(). */
#ifndef RULES_IPV6_OPTIONS_H
#define RULES_IPV6_OPTIONS_H

#include "rules/match_parts.h"

enum { IPV6_OPTIONS_LEN, IPV6_OPTIONS_LIST };

enum { IPV6_OPTIONS_MOST = 16 };

struct ipv6_options_config {
	struct option_marks marks;
	uint32_t len;
	uint32_t n_wanted;
	struct { uint8_t type, len; } wanted[IPV6_OPTIONS_MOST];
};

#define IPV6_OPTIONS(len_name, list_name, print_list) \
	{ .name = len_name, .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = IPV6_OPTIONS_LEN, \
	  .offset = offsetof(struct ipv6_options_config, len), .max = UINT32_MAX, .value_name = "bytes", \
	  .summary = "length of the header" }, \
	{ .name = list_name, .kind = OPTION_CUSTOM, .n_values = 1, .mark = IPV6_OPTIONS_LIST, \
	  .value_name = "type[:length][,type[:length]]", .parse = ipv6_options_parse, .print = print_list, \
	  .summary = "it begins with these options, in this order" }

bool ipv6_options_parse(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics);

/* "5:2,6", with the blank that leads it. */
void ipv6_options_print(const void *config, struct text *out);

enum match_result ipv6_options_eval(const struct ipv6_options_config *config, uint8_t kind, const struct subject *subject);

/* " hbh length:8 opts 5:2"; `title` is "hbh" or "dst". */
void ipv6_options_list(const struct ipv6_options_config *config, const char *title, struct text *out);

#endif
