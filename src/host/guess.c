/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/guess.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* More senders than this behind "outgoing" is a router: then only the busiest address is taken. */
enum { GUESS_MOST_OWN = 16 };

struct guess_candidate {
	enum family family;
	struct address address;
	uint64_t n_packets;	/* as source or destination */
	uint64_t n_outgoing;	/* as source of what the link layer calls outgoing */
};

void guess_init(struct guess *guess)
{
	memset(guess, 0, sizeof(*guess));
}

void guess_clear(struct guess *guess)
{
	free(guess->candidates);
	free(guess->slots);
	guess_init(guess);
}

static size_t hash_address(const struct address *address)
{
	uint64_t hash = 0x9e3779b97f4a7c15u;

	for (int i = 0; i < 4; i++)
		hash = (hash ^ address->word[i]) * 0xbf58476d1ce4e5b9u;
	return (size_t)(hash ^ (hash >> 29));
}

static size_t *find_slot(const struct guess *guess, enum family family, const struct address *address)
{
	size_t i = hash_address(address) & (guess->n_slots - 1);

	for (;; i = (i + 1) & (guess->n_slots - 1)) {
		const struct guess_candidate *candidate;

		if (!guess->slots[i])
			return &guess->slots[i];
		candidate = &guess->candidates[guess->slots[i] - 1];
		if (candidate->family == family && address_is_equal(&candidate->address, address))
			return &guess->slots[i];
	}
}

static void grow(struct guess *guess)
{
	size_t n_slots = guess->n_slots ? guess->n_slots * 2 : 64;

	free(guess->slots);
	guess->slots = alloc_zeroed(n_slots, sizeof(*guess->slots));
	guess->n_slots = n_slots;
	for (size_t i = 0; i < guess->n_candidates; i++)
		*find_slot(guess, guess->candidates[i].family, &guess->candidates[i].address) = i + 1;
}

/* The candidate for an address; NULL for one that no host owns. */
static struct guess_candidate *find_candidate(struct guess *guess, enum family family, const struct address *address)
{
	size_t *slot;

	if (address_is_multicast(family, address) || address_is_unspecified(address) ||
	    address_is_loopback(family, address) || (family == FAMILY_IPV4 && address->word[0] == 0xffffffffu))
		return NULL;
	if ((guess->n_candidates + 1) * 2 > guess->n_slots)
		grow(guess);
	slot = find_slot(guess, family, address);
	if (!*slot) {
		if (guess->n_candidates == guess->capacity) {
			guess->capacity = alloc_grown_capacity(guess->capacity, guess->n_candidates + 1);
			guess->candidates =
				alloc_resize(guess->candidates, guess->capacity, sizeof(*guess->candidates));
		}
		guess->candidates[guess->n_candidates++] =
			(struct guess_candidate){ .family = family, .address = *address };
		*slot = guess->n_candidates;
	}
	return &guess->candidates[*slot - 1];
}

void guess_add(struct guess *guess, const struct packet *packet)
{
	struct guess_candidate *candidate;
	bool is_outgoing = packet->link.direction == LINK_OUT;

	if (packet->family == FAMILY_NONE || packet->status == DECODE_MALFORMED)
		return;
	guess->n_packets++;
	guess->n_outgoing += is_outgoing;
	candidate = find_candidate(guess, packet->family, &packet->source);
	if (candidate) {
		candidate->n_packets++;
		candidate->n_outgoing += is_outgoing;
	}
	candidate = find_candidate(guess, packet->family, &packet->destination);
	if (candidate && !address_is_equal(&packet->source, &packet->destination))
		candidate->n_packets++;
}

static const struct guess_candidate *busiest(const struct guess *guess, enum family family)
{
	const struct guess_candidate *best = NULL;

	for (size_t i = 0; i < guess->n_candidates; i++) {
		const struct guess_candidate *candidate = &guess->candidates[i];

		if (candidate->family == family && (!best || candidate->n_packets > best->n_packets))
			best = candidate;
	}
	return best;
}

static bool add_outgoing(const struct guess *guess, struct topology *topology)
{
	size_t n_own = 0;

	for (size_t i = 0; i < guess->n_candidates; i++)
		n_own += guess->candidates[i].n_outgoing > 0;
	if (n_own == 0 || n_own > GUESS_MOST_OWN)
		return false;
	for (size_t i = 0; i < guess->n_candidates; i++) {
		const struct guess_candidate *candidate = &guess->candidates[i];

		if (candidate->n_outgoing)
			topology_add_address(topology, candidate->family, &candidate->address,
					     candidate->family == FAMILY_IPV4 ? 32 : 128, "eth0");
	}
	return true;
}

void guess_apply(const struct guess *guess, struct topology *topology, struct text *why)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };

	if (add_outgoing(guess, topology)) {
		text_append(why, "it sent what the link layer calls outgoing");
		return;
	}
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		const struct guess_candidate *best = busiest(guess, families[i]);

		if (!best)
			continue;
		topology_add_address(topology, families[i], &best->address, families[i] == FAMILY_IPV4 ? 32 : 128,
				     "eth0");
		text_printf(why, "%sin %" PRIu64 " of %" PRIu64 " packets", why->len ? ", " : "", best->n_packets,
			    guess->n_packets);
	}
	if (!why->len)
		text_append(why, guess->n_packets ? "all addresses are loopback, multicast or broadcast" : "no well-formed IP packet to tell it from");
}
