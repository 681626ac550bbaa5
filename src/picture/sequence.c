/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/sequence.h"

#include <stdlib.h>

#include "base/alloc.h"

/* A silence that is worth a mark. */
enum { SILENCE_NS = 1000000000 };

static int find_lane(const struct sequence *sequence, const struct tuple *tuple, bool is_source, bool is_host)
{
	const struct address *address = is_source ? &tuple->source : &tuple->destination;

	for (int i = 0; i < sequence->n_lanes; i++) {
		const struct sequence_lane *lane = &sequence->lanes[i];

		if (is_host ? lane->is_host : !lane->is_host && address_is_equal(&lane->address, address))
			return i;
	}
	return SEQUENCE_NOBODY;
}

/* A new lane on a side; where that is full, its last lane becomes a crowd. */
static int add_lane(struct sequence *sequence, const struct tuple *tuple, bool is_source, bool is_host, bool is_left)
{
	struct sequence_lane *lane;

	if (sequence->n_sides[!is_left] == SEQUENCE_SIDE_LANES) {
		for (int i = sequence->n_lanes; i-- > 0;) {
			if (sequence->lanes[i].is_left == is_left) {
				sequence->lanes[i].is_crowd = true;
				return i;
			}
		}
	}
	lane = &sequence->lanes[sequence->n_lanes];
	*lane = (struct sequence_lane){
		.address = is_source ? tuple->source : tuple->destination, .family = (enum family)tuple->family,
		.is_host = is_host, .is_left = is_left, .place = (unsigned)sequence->n_sides[!is_left]++,
	};
	return sequence->n_lanes++;
}

/* Who began the connection stands on the left, who is spoken to on the other side of the firewall. */
static void find_ends(struct sequence *sequence, const struct tale_packet *packet, int *from, int *to)
{
	/* What never arrived anywhere has no second end, unless it was for somebody who is known. */
	bool has_goal = packet->got_through || packet->to_host;

	*from = find_lane(sequence, &packet->captured, true, packet->from_host);
	*to = find_lane(sequence, &packet->left, false, packet->to_host);
	if (*from == SEQUENCE_NOBODY) {
		bool is_reply = packet->entry && packet->direction == DIRECTION_REPLY;
		bool is_left = *to != SEQUENCE_NOBODY ? !sequence->lanes[*to].is_left : !is_reply && (sequence->n_lanes == 0 || has_goal);

		*from = add_lane(sequence, &packet->captured, true, packet->from_host, is_left);
	}
	if (*to == SEQUENCE_NOBODY && has_goal)
		*to = add_lane(sequence, &packet->left, false, packet->to_host, !sequence->lanes[*from].is_left);
}

static struct sequence_row *add_row(struct sequence *sequence, enum sequence_kind kind, struct vtime time)
{
	struct sequence_row *row = &sequence->rows[sequence->n_rows++];

	*row = (struct sequence_row){ .kind = kind, .time = time, .from = SEQUENCE_NOBODY, .to = SEQUENCE_NOBODY };
	return row;
}

static void add_gap(struct sequence *sequence, struct vtime time)
{
	struct vtime last = sequence->n_rows ? sequence->rows[sequence->n_rows - 1].time : time;

	if (time.ns - last.ns >= SILENCE_NS)
		add_row(sequence, SEQUENCE_GAP, time)->silence_ns = time.ns - last.ns;
}

/* Entries in the order of their ends. */
struct ends {
	const struct tale_entry **entries;
	size_t n, next;
};

static int compare_ends(const void *a, const void *b)
{
	const struct tale_entry *one = *(const struct tale_entry *const *)a, *other = *(const struct tale_entry *const *)b;

	if (one->end.ns != other->end.ns)
		return one->end.ns < other->end.ns ? -1 : 1;
	return one->view.id < other->view.id ? -1 : one->view.id > other->view.id;
}

/* Of an entry whose packets are not shown, its end is not either. */
static bool is_seen(const struct tale *tale, const struct tale_entry *entry)
{
	for (size_t i = 0; i < tale->n_packets; i++)
		if (tale->packets[i].entry == entry->view.id)
			return true;
	return false;
}

static void find_ends_of_entries(const struct tale *tale, struct ends *ends)
{
	ends->entries = alloc_zeroed(tale->n_entries + 1, sizeof(*ends->entries));
	ends->n = ends->next = 0;
	for (size_t i = 0; i < tale->n_entries; i++)
		if (tale->entries[i].has_expired && is_seen(tale, &tale->entries[i]))
			ends->entries[ends->n++] = &tale->entries[i];
	qsort(ends->entries, ends->n, sizeof(*ends->entries), compare_ends);
}

static bool has_room(const struct sequence *sequence)
{
	/* A packet brings at most a gap, itself and an answer. */
	return sequence->n_rows + 3 <= SEQUENCE_MOST_ROWS;
}

static void add_ends_until(struct sequence *sequence, struct ends *ends, struct vtime time)
{
	while (ends->next < ends->n && ends->entries[ends->next]->end.ns <= time.ns && has_room(sequence)) {
		const struct tale_entry *entry = ends->entries[ends->next++];

		add_gap(sequence, entry->end);
		add_row(sequence, SEQUENCE_END, entry->end)->entry = entry;
	}
}

static void add_packet(struct sequence *sequence, const struct tale_packet *packet)
{
	struct sequence_row *row = add_row(sequence, packet->is_answer ? SEQUENCE_ANSWER : SEQUENCE_PACKET, packet->time);

	row->packet = packet;
	if (packet->is_answer)
		row->to = find_lane(sequence, &packet->captured, false, false);
	else
		find_ends(sequence, packet, &row->from, &row->to);
}

/* An answer was told before the packet that it answers; here it stands behind it. */
static size_t count_answers(const struct tale *tale, size_t index)
{
	size_t n = 0;

	while (index + n < tale->n_packets && tale->packets[index + n].is_answer)
		n++;
	return n;
}

void sequence_make(const struct tale *tale, struct sequence *sequence)
{
	struct ends ends;
	size_t i = 0;

	*sequence = (struct sequence){ .rows = alloc_zeroed(SEQUENCE_MOST_ROWS, sizeof(*sequence->rows)) };
	find_ends_of_entries(tale, &ends);
	while (i < tale->n_packets && has_room(sequence)) {
		size_t n_answers = count_answers(tale, i);

		if (i + n_answers < tale->n_packets) {
			add_ends_until(sequence, &ends, tale->packets[i + n_answers].time);
			if (!has_room(sequence))
				break;	/* the ends took it */
			add_gap(sequence, tale->packets[i + n_answers].time);
			add_packet(sequence, &tale->packets[i + n_answers]);
		}
		for (size_t k = 0; k < n_answers && has_room(sequence); k++)
			add_packet(sequence, &tale->packets[i + k]);
		i += n_answers + 1;
	}
	if (i >= tale->n_packets)
		add_ends_until(sequence, &ends, tale->end);
	sequence->n_left_out = (i < tale->n_packets ? tale->n_packets - i : 0) + tale->n_packets_left_out;
	free(ends.entries);
}

void sequence_clear(struct sequence *sequence)
{
	free(sequence->rows);
	*sequence = (struct sequence){ .rows = NULL };
}
