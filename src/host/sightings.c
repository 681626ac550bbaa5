/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/sightings.h"

#include <string.h>

#include "base/cursor.h"
#include "packet/decode.h"
#include "packet/ends.h"

/* Copies of one packet are captured microseconds apart; a moment is generous. */
enum { MOMENT_NS = 20 * 1000 * 1000 };

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

static uint64_t hash_bytes(uint64_t hash, const uint8_t *bytes, size_t len)
{
	uint64_t word;

	for (; len >= sizeof(word); bytes += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		hash = mix(hash, word);
	}
	word = len;
	for (size_t i = 0; i < len; i++)
		word = word << 8 | bytes[i];
	return mix(hash, word);
}

/* Bytes behind the header of layer 4, which translations leave alone. */
static uint64_t hash_payload(uint64_t hash, const struct packet *packet, uint32_t header_len)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + header_len);

	/* What is not IP has no bytes at all. */
	if (cursor.failed || !cursor_left(&cursor))
		return hash;
	return hash_bytes(hash, packet->bytes + cursor.offset, cursor_left(&cursor));
}

uint64_t sightings_key_of(const struct packet *packet)
{
	enum { ICMP_HEADER_LEN = 8, PORTS_LEN = 4, UDP_HEADER_LEN = 8 };
	uint64_t key = mix(packet->family, packet->protocol);
	struct packet inner;

	if (packet->is_fragment || !packet->has_l4)
		return mix(hash_payload(key, packet, 0), packet->fragment_offset);
	if (packet_is_icmp(packet)) {
		key = mix(key, (uint64_t)packet->icmp_type << 8 | packet->icmp_code);
		if (decode_embedded(packet, &inner))
			return mix(key, (uint64_t)inner.protocol << 32 | inner.total_len << 16 | inner.ip_id);
		return hash_payload(mix(key, packet->icmp_sequence), packet, ICMP_HEADER_LEN);
	}
	if (packet->protocol == PROTOCOL_TCP) {
		key = mix(key, (uint64_t)packet->tcp_sequence << 32 | packet->tcp_acknowledgment);
		return hash_payload(mix(key, packet->tcp_flags), packet, packet->tcp_header_len);
	}
	return hash_payload(key, packet, packet->protocol == PROTOCOL_UDP ? UDP_HEADER_LEN : packet->has_ports ? PORTS_LEN : 0);
}

struct predicted *sightings_predict(struct sightings *sightings, const struct packet *packet)
{
	struct predicted *predicted = &sightings->predicted[sightings->n_predicted++ % SIGHTINGS_KEPT];

	*predicted = (struct predicted){
		.packet = packet->number, .key = sightings_key_of(packet), .ends = ends_of(packet), .time = packet->time,
		.out = "", .total_len = packet->total_len, .ttl = packet->ttl, .tos = packet->tos,
	};
	return predicted;
}

static size_t n_kept(uint64_t n)
{
	return n < SIGHTINGS_KEPT ? (size_t)n : SIGHTINGS_KEPT;
}

struct predicted *sightings_find(struct sightings *sightings, const struct packet *packet, const char *out)
{
	uint64_t key = sightings_key_of(packet), n = sightings->n_predicted;
	struct tuple ends = ends_of(packet);
	struct predicted *found = NULL, *lost = NULL;

	for (size_t back = 1; back <= n_kept(n); back++) {
		struct predicted *predicted = &sightings->predicted[(n - back) % SIGHTINGS_KEPT];

		if (predicted->key != key || predicted->is_seen)
			continue;
		if (predicted->is_lost && !lost)
			lost = predicted;
		if (predicted->is_lost || !*predicted->out)
			continue;
		if (tuple_is_equal(&predicted->ends, &ends) && (!out || strcmp(predicted->out, out) == 0))
			return predicted;
		if (!found)
			found = predicted;
	}
	return found ? found : lost;
}

static uint64_t hash_packet(const struct packet *packet)
{
	return hash_bytes(packet->total_len, packet->bytes, packet->len);
}

static bool is_twin(const struct seen *earlier, const struct seen *now)
{
	return earlier->bytes == now->bytes && earlier->is_leaving == now->is_leaving &&
	       (earlier->index != now->index || strcmp(earlier->place, now->place) != 0);
}

static bool is_departure(const struct seen *earlier, const struct seen *now)
{
	return earlier->bytes == now->bytes && earlier->is_leaving && strcmp(earlier->place, now->place) == 0;
}

typedef bool seen_relation(const struct seen *earlier, const struct seen *now);

static uint64_t find_seen(const struct sightings *sightings, const struct seen *now, seen_relation *is_wanted)
{
	uint64_t n = sightings->n_seen;

	for (size_t back = 1; back <= n_kept(n); back++) {
		const struct seen *earlier = &sightings->seen[(n - back) % SIGHTINGS_KEPT];

		if (now->time.ns - earlier->time.ns > MOMENT_NS)
			break;
		if (is_wanted(earlier, now))
			return earlier->packet;
	}
	return 0;
}

static struct seen see(const struct packet *packet, const char *place, bool is_leaving)
{
	return (struct seen){
		.packet = packet->number, .bytes = hash_packet(packet), .place = place, .time = packet->time,
		.index = packet->link.interface_index, .is_leaving = is_leaving,
	};
}

uint64_t sightings_find_twin(struct sightings *sightings, const struct packet *packet, const char *place, bool is_leaving)
{
	struct seen seen = see(packet, place, is_leaving);
	uint64_t twin = find_seen(sightings, &seen, is_twin);

	if (!twin)
		sightings->seen[sightings->n_seen++ % SIGHTINGS_KEPT] = seen;
	return twin;
}

uint64_t sightings_find_departure(const struct sightings *sightings, const struct packet *packet, const char *place)
{
	struct seen seen = see(packet, place, false);

	return find_seen(sightings, &seen, is_departure);
}
