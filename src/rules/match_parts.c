/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/match_parts.h"

#include <string.h>

enum match_result match_parts_find_header(const struct packet *packet, uint32_t len)
{
	if (packet->fragment_offset)
		return MATCH_NO;
	return packet->l4_len < len ? MATCH_HOTDROP : MATCH_YES;
}

enum match_result match_parts_open_header(const struct packet *packet, uint32_t len, struct cursor *cursor)
{
	enum match_result result = match_parts_find_header(packet, len);

	if (result != MATCH_YES)
		return result;
	*cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset);
	return cursor_left(cursor) < len ? MATCH_UNKNOWN : MATCH_YES;
}

uint32_t match_parts_open_blindly(const struct packet *packet, struct cursor *cursor)
{
	uint32_t offset = packet->family == FAMILY_IPV6 && packet->fragment_offset ? 0 : packet->l4_offset;

	*cursor = cursor_at(packet->bytes, packet->len, offset);
	return packet->total_len - offset;
}

bool match_parts_explain_header(const struct packet *packet, uint32_t len, struct text *out)
{
	if (packet->fragment_offset) {
		text_append(out, "packet is a later fragment, it has no header to look at");
		return true;
	}
	if (packet->l4_len < len) {
		text_printf(out, "packet ends inside its header (%u of %u bytes)", packet->l4_len, len);
		return true;
	}
	if (!packet->has_l4) {
		text_append(out, "the capture does not hold the header");
		return true;
	}
	return false;
}

void match_parts_explain_option(const struct option_spec *option, const void *config, struct text *out)
{
	options_print_option(option, config, out);
	text_append(out, ": packet has ");
}

void match_parts_print_range(const struct number_range *range, struct text *out)
{
	text_append_u64(out, range->first);
	if (range->last != range->first)
		text_printf(out, ":%u", range->last);
}

void match_parts_list_ports(const char *name, const struct number_range *range, bool is_inverted, struct text *out)
{
	if (range->first == 0 && range->last == UINT16_MAX && !is_inverted)
		return;
	text_printf(out, " %s%s%s", name, range->first == range->last ? ":" : "s:", is_inverted ? "!" : "");
	match_parts_print_range(range, out);
}

void match_parts_print_set(const struct option_name *names, uint32_t set, struct text *out)
{
	const char *separator = "";

	for (; names->name; names++) {
		if (names->value ? (set & names->value) != names->value : set != 0)
			continue;
		text_printf(out, "%s%s", separator, names->name);
		separator = ",";
	}
}

bool match_parts_need_option(const void *config, uint32_t marks, const char *message, const struct extension_place *place,
			     struct diagnostics *diagnostics)
{
	const struct option_marks *given = config;

	if (given->seen & marks)
		return true;
	diag_error(diagnostics, place->where, NULL, "%s", message);
	return false;
}

enum flow_scope match_parts_settled(const void *config)
{
	(void)config;
	return FLOW_SETTLED;
}

bool match_parts_check_name(const char *name, const struct extension_place *place, struct diagnostics *diagnostics)
{
	if (name[0] && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
		return true;
	diag_error(diagnostics, place->where, "the kernel makes a file of that name", "\"%s\" is not a good name", name);
	return false;
}

void match_parts_tell_bucket(const struct subject *subject, struct event_bucket *bucket)
{
	struct event event = { .kind = EVENT_BUCKET, .bucket = *bucket };

	event.bucket.rule = subject->rule;
	stream_emit(subject->stream, &event);
}
