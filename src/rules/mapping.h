/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What SNAT, DNAT, MASQUERADE and REDIRECT share: a range of addresses and ports in an option, and back.
 * iptables 1.8.9, libxt_NAT.c.
 */
#ifndef RULES_MAPPING_H
#define RULES_MAPPING_H

#include <stdbool.h>

#include "nat/range.h"
#include "rules/options.h"

/* Option marks of the four targets; each uses some. */
enum mapping_mark { MAPPING_TO, MAPPING_RANDOM, MAPPING_RANDOM_FULLY, MAPPING_PERSISTENT };

/* Their configuration. */
struct mapping {
	struct option_marks marks;
	uint8_t family;
	struct nat_range range;
};

/* "address[-address][:port[-port[/port]]]", IPv6 with ports in brackets; false after an error. */
bool mapping_parse(void *config, const struct argument *value, const struct extension_place *place,
		   struct diagnostics *diagnostics);

/* "port[-port[/port]]" */
bool mapping_parse_ports(void *config, const struct argument *value, const struct extension_place *place,
			 struct diagnostics *diagnostics);

/* After all options: flags into the range; ports need a protocol that has them. */
bool mapping_check(void *config, const struct extension_place *place, struct diagnostics *diagnostics);

/* Without blanks around them. */
void mapping_print_range(const struct mapping *mapping, struct text *out);
void mapping_print_ports(const struct mapping *mapping, struct text *out);

/* " --random" and the like, with `dashes` before each word. */
void mapping_print_flags(const struct mapping *mapping, const char *dashes, struct text *out);

/* The options --random, --random-fully and --persistent. */
#define MAPPING_FLAG(option, id, words) { .name = option, .kind = OPTION_FLAG, .mark = id, .summary = words }

/* SNAT and DNAT: eval() and list() are the same, print() knows the option's name. */
enum target_verdict mapping_eval(const void *config, void *state, struct subject *subject);
bool mapping_could_make(const void *config, const struct address *address, uint16_t port, uint16_t *port_before);
void mapping_print(const struct mapping *mapping, const char *option, struct text *out);
void mapping_list(const void *config, struct text *out);

/* Asks the host for a mapping of the packet's connection. */
enum target_verdict mapping_request(struct subject *subject, const struct nat_range *range);

/* The same, to one address; NULL drops the packet. */
enum target_verdict mapping_request_address(struct subject *subject, const struct nat_range *range,
					    const struct address *address);

#endif
