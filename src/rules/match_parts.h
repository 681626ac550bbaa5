/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What several matches share: headers that may be short, ranges, and the sentences of explain. */
#ifndef RULES_MATCH_PARTS_H
#define RULES_MATCH_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/text.h"
#include "event/stream.h"
#include "rules/extension.h"
#include "rules/options.h"

/*
 * Is there a layer 4 header of `len` bytes, as Linux would see it? MATCH_NO for later fragments, MATCH_HOTDROP when
 * the packet ends before. MATCH_YES says nothing about what was captured of it.
 */
enum match_result match_parts_find_header(const struct packet *packet, uint32_t len);

/*
 * The same, to read on: with MATCH_YES the cursor stands at the layer 4 header, and its first `len` bytes can be read;
 * MATCH_UNKNOWN when they were not captured.
 */
enum match_result match_parts_open_header(const struct packet *packet, uint32_t len, struct cursor *cursor);

/*
 * For matches that do not ask whether they see a later fragment: the cursor stands where Linux takes layer 4 to begin, which is at
 * that fragment's data, and with IPv6, where it finds no place, at the packet's first byte. What there is from there on, captured
 * or not. Linux 6.18, ip_packet_match(), ipv6_find_hdr().
 */
uint32_t match_parts_open_blindly(const struct packet *packet, struct cursor *cursor);

/* True when match_parts_find_header() fails or the bytes are not captured; says so as an explanation. */
bool match_parts_explain_header(const struct packet *packet, uint32_t len, struct text *out);

/* `result`, turned round when the option was inverted. */
static inline bool match_parts_holds(const struct option_marks *marks, unsigned mark, bool result)
{
	return result != options_is_inverted(marks, mark);
}

static inline bool match_parts_is_in_range(const struct number_range *range, uint32_t value)
{
	return value >= range->first && value <= range->last;
}

/* "--dport 22: packet has ", to be continued. */
void match_parts_explain_option(const struct option_spec *option, const void *config, struct text *out);

/* An option that was not given says nothing. */
static inline bool match_parts_option_holds(const struct option_marks *marks, unsigned mark, bool result)
{
	return !options_is_seen(marks, mark) || match_parts_holds(marks, mark, result);
}

/* "tcp"'s and "udp"'s ports in `iptables -L -n`: " spts:!1:80"; nothing for every port. */
void match_parts_list_ports(const char *name, const struct number_range *range, bool is_inverted, struct text *out);

/* "a" or "a:b". */
void match_parts_print_range(const struct number_range *range, struct text *out);

/* The names of a set's bits, separated by commas, in the table's order. */
void match_parts_print_set(const struct option_name *names, uint32_t set, struct text *out);

/* One option of the given marks must have been used, else 'NAME needs WHICH' at the -m word. */
bool match_parts_need_option(const void *config, uint32_t marks, const char *message, const struct extension_place *place,
			     struct diagnostics *diagnostics);

/* match_type.flow_scope of matches that look at no more than what is settled, whatever their options. */
enum flow_scope match_parts_settled(const void *config);

/* What names a file in /proc (lists, tables): not empty, no "." or "..", no slash. Linux 6.18, xt_check_proc_name(). */
bool match_parts_check_name(const char *name, const struct extension_place *place, struct diagnostics *diagnostics);

/* Says what a bucket held; `bucket->key` is the caller's, the rule is filled in. */
void match_parts_tell_bucket(const struct subject *subject, struct event_bucket *bucket);

static inline bool match_parts_wants_bucket(const struct subject *subject)
{
	return subject->stream && stream_wants(subject->stream, EVENT_BUCKET);
}

#endif
