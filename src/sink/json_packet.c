/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/json_packet.h"

#include "sink/json_parts.h"
#include "sink/packet_words.h"

void json_packet_clear(struct json_packet *kept)
{
	pieces_clear(&kept->treatments);
	pieces_clear(&kept->parts.states);
}

/* From path to out. */
static void write_way(struct json_writer *writer, const struct event_packet *journey)
{
	json_writer_open_array(writer, "path");
	for (size_t i = 0; i < journey->n_hooks; i++)
		json_writer_add_word(writer, NULL, hook_name(journey->hooks[i]));
	json_writer_close_array(writer);
	json_writer_add_name(writer, "in", journey->in);
	json_writer_add_name(writer, "out", journey->out);
}

/* From ctstate to matched. */
static void write_decision(struct json_writer *writer, const struct event_packet *journey)
{
	bool has_state = journey->ctstate != CTSTATE_NONE, has_verdict = journey->verdict != VERDICT_NONE;

	json_writer_add_word(writer, "ctstate", has_state ? ctstate_name(journey->ctstate) : NULL);
	json_writer_add_word(writer, "direction", journey->has_entry ? packet_words_direction(journey->direction) : NULL);
	json_writer_add_word(writer, "verdict", has_verdict ? verdict_name(journey->verdict) : NULL);
	json_parts_add_rule(writer, "decided_by", journey->decided_by);
	json_writer_open_array(writer, "matched");
	for (size_t i = 0; i < journey->n_matched; i++)
		json_parts_add_rule_name(writer, NULL, journey->matched[i]);
	json_writer_close_array(writer);
}

/* From change to unsimulated. */
static void write_end(struct json_writer *writer, const struct event_packet *journey)
{
	char room[COMPLAINT_ROOM];

	json_writer_add_word(writer, "change", packet_words_change(journey->change));
	json_writer_add_word(writer, "state_before", journey->state_before);
	json_writer_add_string(writer, "reason", journey->reason);
	json_writer_add_string(writer, "invalid_reason", complaint_words(&journey->invalid, room));
	json_parts_add_rule(writer, "unsimulated", journey->unsimulated);
}

enum { PART_WAY, PART_DECISION, PART_END };

static void print_treatment(const void *what, struct piece *piece)
{
	static void (*const parts[])(struct json_writer *, const struct event_packet *) = {
		[PART_WAY] = write_way, [PART_DECISION] = write_decision, [PART_END] = write_end,
	};
	struct json_writer writer;

	json_writer_init_piece(&writer, &piece->printed);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		parts[i](&writer, what);
		piece_end_part(piece);
	}
}

/* All that follows from how the packet was treated; NULL: it does not fit into a key. */
static const struct piece *find_treatment(struct json_packet *kept, const struct event_packet *journey)
{
	enum { OTHERS = 7, MOST_MATCHED = PIECES_KEY_WORDS - OTHERS };
	uint64_t words[PIECES_KEY_WORDS] = {
		packet_words_hooks(journey), pieces_pointer(journey->in), pieces_pointer(journey->out),
		(uint64_t)journey->n_matched << 40 | (uint64_t)journey->change << 32 | (uint64_t)journey->ctstate << 24 |
			(uint64_t)journey->verdict << 16 | (uint64_t)journey->direction << 8 | journey->has_entry,
		pieces_pointer(journey->decided_by), pieces_pointer(journey->state_before), pieces_pointer(journey->reason),
	};
	const struct piece_key key = { words, OTHERS + journey->n_matched };

	/* The numbers of a complaint are others each time. */
	if (journey->n_matched > MOST_MATCHED || journey->invalid.words || journey->unsimulated)
		return NULL;
	for (size_t i = 0; i < journey->n_matched; i++)
		words[OTHERS + i] = pieces_pointer(journey->matched[i]);
	return pieces_print(&kept->treatments, &key, print_treatment, journey);
}

/* Of captures that show packets on their way out. */
static void write_sighting(struct json_writer *writer, const struct event_packet *journey)
{
	if (journey->sighting == SIGHTED_LEAVING || journey->sighting == SIGHTED_AGAIN) {
		json_writer_add_string(writer, "copy", journey->sighting == SIGHTED_LEAVING ? "leaving" : "again");
		if (journey->copy_of)
			json_writer_add_u64(writer, "copy_of", journey->copy_of);
	}
	if (journey->sighting == SIGHTED_ELSEWHERE)
		json_writer_add_bool(writer, "other_host", true);
	if (journey->is_turned_back)
		json_parts_add_addresses(writer, "arrived_as", &journey->arrived_as);
	if (journey->is_stand_in)
		json_writer_add_bool(writer, "stand_in", true);
	if (journey->phantom_of)
		json_writer_add_u64(writer, "phantom_of", journey->phantom_of);
	if (journey->is_left_out)
		json_writer_add_bool(writer, "left_out", true);
	if (journey->difference)
		json_writer_add_string(writer, "prediction_differs", journey->difference);
}

void json_packet_write(struct json_packet *kept, struct json_writer *writer, const struct event *event)
{
	const struct event_packet *journey = &event->journey;
	const struct piece *treatment = find_treatment(kept, journey);

	writer->needs_comma = true;
	if (treatment)
		piece_append_part(treatment, PART_WAY, writer->out);
	else
		write_way(writer, journey);
	json_parts_add_own_summary(writer, journey->packet, &kept->parts);
	if (treatment)
		piece_append_part(treatment, PART_DECISION, writer->out);
	else
		write_decision(writer, journey);
	json_parts_add_entry(writer, "entry", journey->has_entry ? &journey->entry : NULL, event->time, &kept->parts);
	kept->parts.packet = NULL;
	json_parts_add_addresses(writer, "sent", journey->was_rewritten ? &journey->sent : NULL);
	if (treatment)
		piece_append_part(treatment, PART_END, writer->out);
	else
		write_end(writer, journey);
	json_writer_add_u64(writer, "mark", journey->mark);
	write_sighting(writer, journey);
	if (journey->payload_was_changed)
		json_writer_add_bool(writer, "payload_changed", true);
	if (journey->n_fragments)
		json_parts_add_packets(writer, "fragments", journey->fragments, journey->n_fragments);
}
