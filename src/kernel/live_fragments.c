/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tuple of a packet, also where it came in pieces: what has come of a datagram's beginning is enough to know it.
 */
#include <string.h>

#include "kernel/live_parts.h"
#include "kernel/tuples.h"
#include "packet/fragment.h"

static bool is_same_fragmented(const struct live_fragmented *fragmented, const struct packet *packet,
			       const struct fragment *piece)
{
	return fragmented->is_waiting && fragmented->id == piece->identification && fragmented->protocol == packet->protocol &&
	       address_is_equal(&fragmented->source, &packet->source) && address_is_equal(&fragmented->destination, &packet->destination);
}

static void begin_fragmented(struct live_fragmented *fragmented, const struct packet *packet, const struct fragment *piece)
{
	*fragmented = (struct live_fragmented){
		.is_waiting = true,
		.source = packet->source,
		.destination = packet->destination,
		.id = piece->identification,
		.protocol = packet->protocol,
		.first = packet->time,
	};
}

/* The datagram to which the packet belongs as a piece. NULL: it is whole, or an atomic fragment (IPv6) for which nothing waits. */
static struct live_fragmented *find_fragmented(struct live *live, const struct packet *packet, struct fragment *piece)
{
	size_t n = live->n_fragmented < LIVE_MOST_FRAGMENTED ? live->n_fragmented : LIVE_MOST_FRAGMENTED;
	struct live_fragmented *added;

	if (!fragment_may_be(packet) || fragment_find(packet, piece) != FRAGMENT_PIECE)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (is_same_fragmented(&live->fragmented[i], packet, piece))
			return &live->fragmented[i];
	if (!packet->is_fragment)
		return NULL;
	added = &live->fragmented[live->n_fragmented++ % LIVE_MOST_FRAGMENTED];
	begin_fragmented(added, packet, piece);
	return added;
}

/*
 * May the pieces still wait, and may they not? The kernel measures that (ipfrag_time) with a clock that cannot be moved; and
 * where it is waited for, its timers run up to an eighth late (Linux 6.18, the timer wheel).
 */
static bool is_in_doubt(const struct live *live, int64_t waited, uint8_t family)
{
	int64_t time = (int64_t)live->fragment_seconds[family == FAMILY_IPV6] * VTIME_NS_PER_SECOND;

	if (!live->options.is_real_time)
		return waited >= time - VTIME_NS_PER_SECOND;
	return waited >= time && waited <= time + time / 8;
}

static bool is_over(const struct live *live, int64_t waited, uint8_t family)
{
	return live->options.is_real_time &&
	       waited >= (int64_t)live->fragment_seconds[family == FAMILY_IPV6] * VTIME_NS_PER_SECOND;
}

static void check_wait(struct live *live, struct live_fragmented *fragmented, const struct packet *packet,
		       const struct fragment *piece)
{
	int64_t waited = packet->time.ns - fragmented->first.ns;

	if (fragmented->is_late || is_in_doubt(live, waited, packet->family)) {
		live->hazard = "fragments that wait do so by the kernel's clock";
		fragmented->is_late = true;
	} else if (is_over(live, waited, packet->family)) {
		begin_fragmented(fragmented, packet, piece);
	}
}

/* Of one that was late, pieces that are joined here may still wait where time is the capture's: what comes under its name is in doubt, too. */
static void end(struct live_fragmented *fragmented)
{
	fragmented->is_waiting = fragmented->is_late;
}

/* Are some of its bytes there already, and others not? As far as the beginning tells. */
static bool overlaps(const struct live_fragmented *fragmented, const struct fragment *piece)
{
	bool has_old = false, has_new = false;

	for (uint32_t at = piece->offset; at < piece->end && at < LIVE_HEAD_LEN; at += LIVE_BLOCK_LEN) {
		has_old |= fragmented->has_block[at / LIVE_BLOCK_LEN];
		has_new |= !fragmented->has_block[at / LIVE_BLOCK_LEN];
	}
	return has_old && has_new;
}

/* What of its data counts: of IPv4, where more follows, multiples of eight bytes. Linux 6.18, ip_frag_queue(). */
static void cut(const struct packet *packet, struct fragment *piece)
{
	if (packet->family == FAMILY_IPV4 && piece->has_more)
		piece->end -= piece->end % LIVE_BLOCK_LEN;
}

/* A datagram that is given up because of a piece of IPv6, which then goes on alone. Linux 6.18, nf_ct_frag6_queue(): -EPROTO. */
static bool goes_on_alone(const struct packet *packet, const struct fragment *piece)
{
	return packet->family == FAMILY_IPV6 && piece->has_more && piece->end % LIVE_BLOCK_LEN != 0;
}

/* Pieces of IPv6 that bring nothing are lost alone (Linux 6.18, nf_ct_frag6_queue()), those of IPv4 with all the others (ip_frag_queue()). */
static bool ends_by_being_empty(const struct packet *packet, const struct fragment *piece)
{
	return packet->family == FAMILY_IPV4 && piece->end == piece->offset;
}

/* What a piece brings of the datagram's beginning. */
static void note_piece(struct live_fragmented *fragmented, const struct packet *packet, const struct fragment *piece)
{
	for (uint32_t at = piece->offset; at < piece->end && at < LIVE_HEAD_LEN; at += LIVE_BLOCK_LEN) {
		uint32_t from = piece->header_len + at - piece->offset, len = piece->end - at;

		if (len > LIVE_BLOCK_LEN)
			len = LIVE_BLOCK_LEN;
		if (fragmented->has_block[at / LIVE_BLOCK_LEN] || from + len > packet->len)
			continue;
		fragmented->has_block[at / LIVE_BLOCK_LEN] = true;
		memcpy(fragmented->data + at, packet->bytes + from, len);
	}
	if (piece->offset == 0 && piece->header_len <= LIVE_HEAD_LEN && piece->header_len <= packet->len) {
		memcpy(fragmented->header, packet->bytes, piece->header_len);
		fragmented->header_len = piece->header_len;
		fragmented->next_header_at = piece->next_header_at;
	}
}

/* The tuple of what has come of the datagram, from its beginning to the first gap. */
static void read_tuple(const struct live *live, struct live_fragmented *fragmented, const struct packet *packet)
{
	struct fragment_piece piece = { .bytes = fragmented->data };
	struct fragment_whole whole = {
		.family = (enum family)packet->family,
		.header = fragmented->header,
		.header_len = fragmented->header_len,
		.header_captured_len = fragmented->header_len,
		.next_header_at = fragmented->next_header_at,
		.pieces = &piece,
		.n_pieces = 1,
	};
	struct packet joined;

	while (piece.len < LIVE_HEAD_LEN && fragmented->has_block[piece.len / LIVE_BLOCK_LEN])
		piece.len += LIVE_BLOCK_LEN;
	piece.captured_len = piece.len;
	if (!fragmented->header_len || !piece.len)
		return;
	packet_init(&joined);
	fragment_join(&joined, &whole);
	fragmented->has_tuple = tuples_of_packet(&joined, live->options.tracks_dccp, &fragmented->tuple);
	packet_clear(&joined);
}

bool live_find_tuple(struct live *live, const struct packet *packet, struct tuple *tuple)
{
	struct fragment piece;
	struct live_fragmented *fragmented = find_fragmented(live, packet, &piece);

	if (!fragmented)
		return tuples_of_packet(packet, live->options.tracks_dccp, tuple);
	check_wait(live, fragmented, packet, &piece);
	cut(packet, &piece);
	if (goes_on_alone(packet, &piece)) {
		end(fragmented);
		return tuples_of_packet(packet, live->options.tracks_dccp, tuple);
	}
	if (ends_by_being_empty(packet, &piece) || overlaps(fragmented, &piece)) {
		end(fragmented);
		return false;
	}
	note_piece(fragmented, packet, &piece);
	read_tuple(live, fragmented, packet);
	*tuple = fragmented->tuple;
	return fragmented->has_tuple;
}

void live_end_fragmented(struct live *live, const struct packet *packet)
{
	struct fragment piece;
	struct live_fragmented *fragmented = find_fragmented(live, packet, &piece);

	if (fragmented)
		end(fragmented);
}
