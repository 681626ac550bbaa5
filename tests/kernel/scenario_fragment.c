/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A packet cut into fragments, and what may happen to them on their way. */
#include <string.h>

#include "scenario.h"

enum { MOST_PIECES = 24, NEXT_FRAGMENT = 44 };

struct piece {
	size_t offset, len;
	bool has_more;
	bool is_bent;		/* its bytes are not those of the packet */
};

struct cut {
	struct scenario *scenario;
	const struct ip_packet *packet;
	size_t header_len;
	uint32_t id;
	struct piece pieces[MOST_PIECES];
	size_t n_pieces;
};

/* One piece as a packet of its own. */
static void make_piece(const struct cut *cut, const struct piece *piece, struct ip_packet *out)
{
	bool is_ipv4 = cut->packet->bytes[0] >> 4 == 4;
	size_t header_len = cut->header_len + (is_ipv4 ? 0 : 8);

	memcpy(out->bytes, cut->packet->bytes, cut->header_len);
	out->len = header_len + piece->len;
	if (piece->len)
		memcpy(out->bytes + header_len, cut->packet->bytes + cut->header_len + piece->offset, piece->len);
	if (piece->is_bent && piece->len)
		out->bytes[out->len - 1] ^= 0x20;
	if (is_ipv4) {
		put16(out->bytes + 2, (unsigned)out->len);
		put16(out->bytes + 4, cut->id & 0xffff);
		put16(out->bytes + 6, (unsigned)(piece->offset / 8) | (piece->has_more ? 0x2000 : 0));
		fill_ip_checksum(out->bytes);
		return;
	}
	put16(out->bytes + 4, (unsigned)(out->len - 40));
	out->bytes[40] = out->bytes[6];
	out->bytes[41] = 0;
	out->bytes[6] = NEXT_FRAGMENT;
	put16(out->bytes + 42, (unsigned)piece->offset | piece->has_more);
	put32(out->bytes + 44, cut->id);
}

static void cut_up(struct cut *cut)
{
	size_t left = cut->packet->len - cut->header_len, offset = 0, size = 8 * (1 + pick(cut->scenario, 40));

	while (left > size && cut->n_pieces < MOST_PIECES / 2) {
		cut->pieces[cut->n_pieces++] = (struct piece){ offset, size, true, false };
		offset += size;
		left -= size;
		if (chance(cut->scenario, 25))
			size = 8 * (1 + pick(cut->scenario, 60));
	}
	cut->pieces[cut->n_pieces++] = (struct piece){ offset, left, false, false };
}

static void swap_pieces(struct cut *cut, size_t a, size_t b)
{
	struct piece piece = cut->pieces[a];

	cut->pieces[a] = cut->pieces[b];
	cut->pieces[b] = piece;
}

static void insert_piece(struct cut *cut, size_t at, struct piece piece)
{
	if (cut->n_pieces == MOST_PIECES)
		return;
	memmove(&cut->pieces[at + 1], &cut->pieces[at], (cut->n_pieces - at) * sizeof(piece));
	cut->pieces[at] = piece;
	cut->n_pieces++;
}

static void remove_piece(struct cut *cut, size_t at)
{
	memmove(&cut->pieces[at], &cut->pieces[at + 1], (--cut->n_pieces - at) * sizeof(cut->pieces[0]));
}

/* A piece that lies over others: a bit earlier, longer or shorter. */
static struct piece make_overlap(struct cut *cut, struct piece piece)
{
	size_t whole = cut->packet->len - cut->header_len;

	if (piece.offset >= 8 && chance(cut->scenario, 50))
		piece.offset -= 8;
	else
		piece.len = chance(cut->scenario, 50) && piece.len > 8 ? piece.len - 8 : piece.len + 8;
	if (piece.offset + piece.len > whole)
		piece.len = whole - piece.offset;
	piece.has_more = chance(cut->scenario, 90) ? piece.has_more : !piece.has_more;
	piece.is_bent = chance(cut->scenario, 40);
	return piece;
}

static void mistreat(struct cut *cut)
{
	uint32_t n = (uint32_t)cut->n_pieces, at = pick(cut->scenario, n);

	switch (pick(cut->scenario, 12)) {
	case 0:
	case 1:
		remove_piece(cut, at);
		break;
	case 2:
	case 3:
		insert_piece(cut, pick(cut->scenario, n + 1), cut->pieces[at]);
		break;
	case 4:
	case 5:
		insert_piece(cut, pick(cut->scenario, n + 1), make_overlap(cut, cut->pieces[at]));
		break;
	case 6:
		for (size_t i = 0; i < cut->n_pieces / 2; i++)
			swap_pieces(cut, i, cut->n_pieces - 1 - i);
		break;
	case 7:
		cut->pieces[at].len -= cut->pieces[at].len > 4 ? 1 + pick(cut->scenario, 3) : 0;	/* no multiple of 8 */
		break;
	case 8:
		cut->pieces[at].len = 0;
		break;
	default:
		for (uint32_t i = 0; i < n; i++)
			swap_pieces(cut, i, pick(cut->scenario, n));
	}
}

void put_fragments(struct scenario *scenario, int64_t time_ns, const struct ip_packet *packet, const struct pair *pair, int from)
{
	struct cut cut = { .scenario = scenario, .packet = packet, .header_len = ip_header_len(packet), .id = pick(scenario, 0x10000) };
	struct ip_packet piece;

	if (packet->len <= cut.header_len || packet->len + 8 > sizeof(piece.bytes)) {
		put_frame(scenario, time_ns, packet, pair, from);
		return;
	}
	cut_up(&cut);
	while (cut.n_pieces && chance(scenario, 35))
		mistreat(&cut);
	for (size_t i = 0; i < cut.n_pieces; i++) {
		make_piece(&cut, &cut.pieces[i], &piece);
		put_frame(scenario, time_ns, &piece, pair, from);
		time_ns += chance(scenario, 3) ? pick_silence(scenario) : pick_ns(scenario, 0, 20 * MS);
	}
}
