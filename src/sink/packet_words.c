/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/packet_words.h"

#include "packet/summary.h"
#include "sink/entry_print.h"

static const char *const changes[] = {
	[ENTRY_NONE] = NULL,
	[ENTRY_NEW] = "new",
	[ENTRY_CHANGED] = "changed",
	[ENTRY_REFRESHED] = "refreshed",
	[ENTRY_UNCHANGED] = "unchanged",
	[ENTRY_DESTROYED] = "destroyed",
};

const char *packet_words_direction(enum direction direction)
{
	return direction == DIRECTION_ORIGINAL ? "original" : "reply";
}

const char *packet_words_change(enum entry_change change)
{
	return (size_t)change < sizeof(changes) / sizeof(changes[0]) ? changes[change] : NULL;
}

void packet_words_print_rule(const struct rule_place *place, struct text *out)
{
	text_append(out, place->table);
	text_append_char(out, ' ');
	text_append(out, place->chain);
	text_append_char(out, ' ');
	if (place->number)
		text_append_u64(out, place->number);
	else
		text_append(out, "policy");
}

void packet_words_print_file(const struct rule_place *place, struct text *out)
{
	if (!place->file || !*place->file)
		return;
	text_append(out, place->file);
	if (place->line) {
		text_append_char(out, ':');
		text_append_u64(out, place->line);
	}
}

void packet_words_print_place(const struct rule_place *place, struct text *out)
{
	packet_words_print_rule(place, out);
	if (place->file && *place->file) {
		text_append_char(out, ' ');
		packet_words_print_file(place, out);
	}
}

void packet_words_print_endpoint(const struct tuple *tuple, bool is_source, struct text *out)
{
	bool has_ports = entry_print_has_ports(tuple);
	bool has_brackets = has_ports && tuple->family == FAMILY_IPV6;

	if (has_brackets)
		text_append_char(out, '[');
	address_print(tuple->family, is_source ? &tuple->source : &tuple->destination, out);
	if (has_brackets)
		text_append_char(out, ']');
	if (!has_ports)
		return;
	text_append_char(out, ':');
	text_append_u64(out, is_source ? tuple->source_port : tuple->destination_port);
}

void packet_words_print_flow(const struct tuple *tuple, struct text *out)
{
	const char *protocol = entry_print_protocol(tuple->protocol);

	if (protocol) {
		text_append(out, protocol);
	} else {
		text_append(out, "protocol ");
		text_append_u64(out, tuple->protocol);
	}
	text_append_char(out, ' ');
	packet_words_print_endpoint(tuple, true, out);
	text_append(out, " > ");
	packet_words_print_endpoint(tuple, false, out);
}

void packet_words_print_packet(const struct packet *packet, struct text *out)
{
	summary_print_parts(packet, SUMMARY_ADDRESSES, out);
}

void packet_words_print_copy(const struct event_packet *journey, struct text *out)
{
	if (journey->is_left_out) {
		text_append(out, "left out");
		return;
	}
	if (journey->sighting == SIGHTED_ELSEWHERE)
		text_append(out, "for another machine");
	else if (journey->sighting == SIGHTED_AGAIN)
		text_append(out, journey->copy_of ? "seen before: packet " : "seen before, on its way out");
	else if (journey->sighting == SIGHTED_LEAVING)
		text_append(out, journey->copy_of ? "leaves: packet " : "leaves: a fragment of a packet that came in");
	else
		return;
	if (journey->copy_of)
		text_append_u64(out, journey->copy_of);
	if (journey->sighting == SIGHTED_LEAVING && journey->copy_of)
		text_append(out, journey->difference ? ", prediction differs" : ", as predicted");
}

void packet_words_print_arrival(const struct event_packet *journey, struct text *out)
{
	text_append(out, "captured on its way out; came in as ");
	packet_words_print_endpoint(&journey->arrived_as, true, out);
	text_append(out, " > ");
	packet_words_print_endpoint(&journey->arrived_as, false, out);
	if (journey->is_stand_in)
		text_append(out, " (who sent it is not in the capture)");
}

void packet_words_print_phantom(const struct event_packet *journey, struct text *out)
{
	text_append(out, "phantom: its request, packet ");
	text_append_u64(out, journey->phantom_of);
	text_append(out, ", was dropped");
}
