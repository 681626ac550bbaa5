/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/translation.h"

static const struct tale_packet *find_packet(const struct tale *tale, const struct tale_entry *entry, enum direction direction)
{
	for (size_t i = 0; i < tale->n_packets; i++) {
		const struct tale_packet *packet = &tale->packets[i];

		if (packet->entry == entry->view.id && packet->got_through && packet->direction == direction && !packet->is_answer &&
		    packet->ctstate != CTSTATE_RELATED)
			return packet;
	}
	return NULL;
}

bool translation_find(const struct tale *tale, struct translation *translation)
{
	const struct tale_entry *entry = tale->flow ? tale_find_entry(tale, tale->flow) : NULL;

	for (size_t i = 0; i < tale->n_entries && !entry; i++)
		if (tale->entries[i].view.status & (STATUS_SRC_NAT | STATUS_DST_NAT))
			entry = &tale->entries[i];
	if (!entry && !tale->flow && tale->n_entries)
		entry = &tale->entries[0];
	if (!entry)
		return false;
	*translation = (struct translation){
		.entry = entry,
		.there = find_packet(tale, entry, DIRECTION_ORIGINAL),
		.back = find_packet(tale, entry, DIRECTION_REPLY),
	};
	return true;
}

static bool is_same_end(const struct tuple *a, bool a_is_source, const struct tuple *b, bool b_is_source)
{
	return address_is_equal(a_is_source ? &a->source : &a->destination, b_is_source ? &b->source : &b->destination) &&
	       (a->protocol == PROTOCOL_ICMP || a->protocol == PROTOCOL_ICMPV6 ||
		(a_is_source ? a->source_port : a->destination_port) == (b_is_source ? b->source_port : b->destination_port));
}

unsigned translation_color(const struct translation *translation, const struct tuple *tuple, bool is_source)
{
	const struct tuple *tuples = translation->entry->view.tuple;

	for (unsigned i = 0; i < TRANSLATION_COLORS; i++)
		if (is_same_end(&tuples[i / 2], i % 2 == 0, tuple, is_source))
			return i;
	return 0;
}

const char *translation_words(const struct tale_packet *packet)
{
	bool source = !is_same_end(&packet->captured, true, &packet->left, true);
	bool destination = !is_same_end(&packet->captured, false, &packet->left, false);

	if (source && destination)
		return "both are changed";
	return source ? "source is changed" : destination ? "destination is changed" : "nothing is changed";
}
