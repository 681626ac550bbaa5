/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/our_side.h"

#include <pcap/pcap.h>
#include <string.h>

#include "packet/decode.h"
#include "sink/packet_words.h"

enum { LINKTYPE_RAW = 101 };

void our_side_decode(const struct ctreplay_arrival *arrival, int link_type, struct packet *packet)
{
	packet->number = arrival->number;
	packet->time = (struct vtime){ .ns = arrival->time_ns };
	packet->frame = arrival->bytes;
	packet->captured_len = arrival->len;
	packet->original_len = arrival->original_len;
	packet->is_checksum_trusted = false;
	memset(&packet->link, 0, sizeof(packet->link));
	decode_frame(packet, link_type == LINKTYPE_RAW ? DLT_RAW : link_type);
}

void our_side_settle(const struct ctreplay_packet *told, struct packet *packet)
{
	const struct ctreplay_tuple *sent = &told->sent;

	if (!told->was_translated || packet->is_fragment)
		return;
	packet->source = address_from_bytes((enum family)packet->family, sent->source.bytes);
	packet->destination = address_from_bytes((enum family)packet->family, sent->destination.bytes);
	if (packet->has_ports) {
		packet->source_port = sent->source_port;
		packet->destination_port = sent->destination_port;
	} else if (packet_is_icmp(packet)) {
		packet->icmp_id = sent->icmp_id;
	}
}

void our_side_take_before(struct compare *compare, const struct ctreplay_account *account)
{
	if (account->has_spoken_before)
		compare->has_unheard = compare->doubt.has_any = true;
	for (size_t i = 0; i < account->n_changed_before; i++)
		compare_doubt_set(&compare->doubt, SIDE_OURS, account->changed_before[i], true);
}

static void take_rules(struct account *ours, const struct ctreplay_packet *packet)
{
	struct text words;

	text_init(&words);
	for (size_t i = 0; i < packet->n_matched; i++) {
		struct rule_place place = places_make(&packet->matched[i]);

		text_reset(&words);
		packet_words_print_rule(&place, &words);
		account_lines_add(&ours->rules, 0, text_string(&words));
	}
	text_clear(&words);
}

static void take_lines(struct account_lines *lines, const struct ctreplay_line *told, size_t n)
{
	for (size_t i = 0; i < n; i++)
		account_lines_add(lines, told[i].entry, told[i].text);
}

/* Facts that are lines are compared line by line. */
static void take_facts(struct account *ours, const struct ctreplay_account *account)
{
	for (int fact = 0; fact < FACT_COUNT; fact++)
		if (fact != FACT_RULES && fact != FACT_EVENTS && fact != FACT_EXPECTATIONS)
			text_append(&ours->facts[fact], account->facts[fact]);
	take_lines(&ours->events, account->events, account->n_events);
	take_lines(&ours->expectations, account->expectations, account->n_expectations);
	text_append(&ours->story, account->story);
	for (size_t i = 0; i < account->n_touched; i++)
		account_touch(ours, account->touched[i]);
	for (size_t i = 0; i < account->n_masters; i++)
		account_touch_master(ours, account->masters[i]);
}

static bool is_same_rule(const struct ctreplay_rule *a, const struct ctreplay_rule *b)
{
	return a->number == b->number && strcmp(a->chain, b->chain) == 0 && strcmp(a->table, b->table) == 0;
}

/* Matched by TPROXY, and not dropped there. */
static bool was_handed_on(const struct ctreplay_packet *packet)
{
	for (size_t i = 0; i < packet->n_matched; i++)
		if (strcmp(packet->matched[i].target, "TPROXY") == 0)
			return packet->verdict != CTREPLAY_DROP || !packet->decided_by || !is_same_rule(packet->decided_by, &packet->matched[i]);
	return false;
}

static bool is_dropped_by_connlimit(const struct ctreplay_packet *packet)
{
	static const char connlimit[] = "match connlimit:";

	return packet->reason && strncmp(packet->reason, connlimit, strlen(connlimit)) == 0;
}

void our_side_take(struct compare *compare, const struct places *places, const struct ctreplay_packet *packet,
		   const struct ctreplay_account *account)
{
	struct account *ours = &compare->sides[SIDE_OURS];

	for (size_t i = 0; i < account->n_met; i++)
		compare_clock_note(&compare->clock, places_of(places, &account->met[i].rule), account->met[i].failed, compare->doubt.has_any);
	take_rules(ours, packet);
	take_facts(ours, account);
	ours->entry = packet->entry ? packet->entry->id : 0;
	text_append(&compare->summary, account->summary);
	/* What SYNPROXY answers is not made. */
	compare->has_unsimulated = packet->unsimulated || (packet->decided_by && strcmp(packet->decided_by->target, "SYNPROXY") == 0);
	compare->hangs_on_socket = was_handed_on(packet);
	compare->hangs_on_slots = is_dropped_by_connlimit(packet);
}

void our_side_take_listing(struct compare *compare, const struct ctreplay_listing *listing)
{
	take_lines(&compare->rows[SIDE_OURS], listing->rows, listing->n_rows);
	for (size_t i = 0; i < listing->n_set_lines; i++)
		compare_take_set_line(compare, SIDE_OURS, listing->set_lines[i]);
}
