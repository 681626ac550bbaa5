/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/json_packet.h"

#include "sink/json_parts.h"
#include "sink/packet_words.h"

void json_packet_clear(struct json_packet *kept)
{
	pieces_clear(&kept->ways);
	pieces_clear(&kept->decisions);
	pieces_clear(&kept->ends);
	pieces_clear(&kept->parts.states);
}

/* From path to out. */
static void print_way(const void *what, struct piece *piece)
{
	const struct event_packet *journey = what;
	struct json_writer writer;

	json_writer_init_piece(&writer, &piece->printed);
	json_writer_open_array(&writer, "path");
	for (size_t i = 0; i < journey->n_hooks; i++)
		json_writer_add_word(&writer, NULL, hook_name(journey->hooks[i]));
	json_writer_close_array(&writer);
	json_writer_add_name(&writer, "in", journey->in);
	json_writer_add_name(&writer, "out", journey->out);
}

static void add_way(struct json_packet *kept, struct json_writer *writer, const struct event_packet *journey)
{
	struct piece_key key = { { packet_words_hooks(journey), pieces_pointer(journey->in), pieces_pointer(journey->out) } };

	pieces_append(&kept->ways, &key, print_way, journey, writer->out);
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

static void print_decision(const void *what, struct piece *piece)
{
	struct json_writer writer;

	json_writer_init_piece(&writer, &piece->printed);
	write_decision(&writer, what);
}

static void add_decision(struct json_packet *kept, struct json_writer *writer, const struct event_packet *journey)
{
	enum { OTHERS = 2, MOST_MATCHED = PIECES_KEY_WORDS - OTHERS };
	struct piece_key key = { { 0 } };

	/* So many that a key cannot hold them. */
	if (journey->n_matched > MOST_MATCHED) {
		write_decision(writer, journey);
		return;
	}
	key.words[0] = (uint64_t)journey->ctstate << 24 | (uint64_t)journey->verdict << 16 | (uint64_t)journey->direction << 8 |
		       journey->has_entry;
	key.words[1] = pieces_pointer(journey->decided_by);
	for (size_t i = 0; i < journey->n_matched; i++)
		key.words[OTHERS + i] = pieces_pointer(journey->matched[i]);
	pieces_append(&kept->decisions, &key, print_decision, journey, writer->out);
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

static void print_end(const void *what, struct piece *piece)
{
	struct json_writer writer;

	json_writer_init_piece(&writer, &piece->printed);
	write_end(&writer, what);
}

static void add_end(struct json_packet *kept, struct json_writer *writer, const struct event_packet *journey)
{
	struct piece_key key = { {
		journey->change, pieces_pointer(journey->state_before), pieces_pointer(journey->reason),
		pieces_pointer(journey->unsimulated),
	} };

	/* Its numbers are others each time. */
	if (journey->invalid.words)
		write_end(writer, journey);
	else
		pieces_append(&kept->ends, &key, print_end, journey, writer->out);
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

	add_way(kept, writer, journey);
	json_parts_add_own_summary(writer, journey->packet, &kept->parts);
	add_decision(kept, writer, journey);
	json_parts_add_entry(writer, "entry", journey->has_entry ? &journey->entry : NULL, event->time, &kept->parts);
	kept->parts.packet = NULL;
	json_parts_add_addresses(writer, "sent", journey->was_rewritten ? &journey->sent : NULL);
	add_end(kept, writer, journey);
	json_writer_add_u64(writer, "mark", journey->mark);
	write_sighting(writer, journey);
	if (journey->payload_was_changed)
		json_writer_add_bool(writer, "payload_changed", true);
	if (journey->n_fragments)
		json_parts_add_packets(writer, "fragments", journey->fragments, journey->n_fragments);
}
