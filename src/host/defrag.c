/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/defrag.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/store.h"
#include "base/text.h"
#include "clock/timers.h"
#include "host/defrag_queue.h"
#include "packet/fragment.h"

enum {
	N_BUCKETS = 1024,
	LONGEST_DATAGRAM = 65535,
	IPV4_QUEUE_COST = 200, IPV6_QUEUE_COST = 184,	/* struct ipq, struct frag_queue */
};

/* struct frag_v4_compare_key, struct frag_v6_compare_key */
struct key {
	struct address source, destination;
	uint32_t identification;
	uint8_t family, protocol, user;
	const char *interface;		/* IPv6 to a multicast or link-local address; else "" */
};

/* Counts the pieces of one source, as long as a queue of that source waits (struct inet_peer). */
struct peer {
	struct peer *next;
	struct address source;
	uint32_t n_pieces;
	uint32_t n_waiting;		/* datagrams */
};

/* A datagram that is not whole. */
struct datagram {
	struct timer timer;
	struct datagram *next;		/* in its bucket */
	struct key key;
	struct peer *peer;		/* IPv4; else NULL */
	uint32_t seen_pieces;		/* the peer's count at the latest piece of this one */
	uint32_t cost;
	bool is_expired;		/* remembered for a while, see slack() */
	struct defrag_queue queue;
};

struct defrag {
	struct conntrack_settings settings;
	struct stream *stream;
	struct timers timers;
	struct store store;		/* of datagrams */
	uint64_t n_filed;
	struct datagram *buckets[N_BUCKETS];
	struct peer *peers[N_BUCKETS];
	uint64_t cost[2];		/* IPv4, IPv6: what waits, in bytes about as the kernel counts them */
	uint64_t n_pieces;
	uint64_t *packets;		/* for answers and events */
	uint32_t *lens;			/* of their data; both of `capacity` */
	size_t n_packets, capacity;
};

static struct datagram *datagram_at(const struct defrag *defrag, uint32_t number)
{
	return store_at(&defrag->store, number);
}

static struct timer *find_timer(const void *owner, uint32_t number)
{
	return &datagram_at(owner, number)->timer;
}

struct defrag *defrag_create(const struct conntrack_settings *settings, struct stream *stream)
{
	struct defrag *defrag = alloc_zeroed(1, sizeof(*defrag));
	const size_t size = sizeof(struct datagram);

	defrag->settings = *settings;
	defrag->stream = stream;
	store_init(&defrag->store, &size, 1);
	timers_init(&defrag->timers, find_timer, defrag);
	return defrag;
}

uint64_t defrag_count(const struct defrag *defrag)
{
	return defrag->n_pieces;
}

static size_t bucket_of(const struct address *source, const struct address *destination, uint32_t identification)
{
	uint32_t hash = identification;

	for (int i = 0; i < 4; i++) {
		hash = (hash ^ source->word[i]) * 0x9e3779b1u;
		hash = (hash ^ hash >> 15 ^ destination->word[i]) * 0x9e3779b1u;
	}
	return (hash ^ hash >> 15) % N_BUCKETS;
}

static struct datagram **bucket_for(struct defrag *defrag, const struct key *key)
{
	return &defrag->buckets[bucket_of(&key->source, &key->destination, key->identification)];
}

static bool is_same_key(const struct key *a, const struct key *b)
{
	return a->identification == b->identification && a->family == b->family && a->protocol == b->protocol &&
	       a->user == b->user && address_is_equal(&a->source, &b->source) &&
	       address_is_equal(&a->destination, &b->destination) && strcmp(a->interface, b->interface) == 0;
}

static struct key key_of(const struct packet *packet, const struct fragment *fragment, enum hook user,
			 const char *interface)
{
	bool is_ipv6 = packet->family == FAMILY_IPV6;
	bool is_of_link = is_ipv6 && (address_is_multicast(FAMILY_IPV6, &packet->destination) ||
				      address_is_link_local(FAMILY_IPV6, &packet->destination));

	return (struct key){
		.source = packet->source, .destination = packet->destination,
		.identification = fragment->identification,
		.family = packet->family,
		.protocol = is_ipv6 ? 0 : packet->protocol,
		.user = (uint8_t)user,
		.interface = is_of_link ? interface : "",
	};
}

static struct peer *hold_peer(struct defrag *defrag, const struct address *source)
{
	struct peer **at = &defrag->peers[bucket_of(source, source, 0)];
	struct peer *peer = *at;

	while (peer && !address_is_equal(&peer->source, source))
		peer = peer->next;
	if (!peer) {
		peer = alloc_zeroed(1, sizeof(*peer));
		peer->source = *source;
		peer->next = *at;
		*at = peer;
	}
	peer->n_waiting++;
	return peer;
}

static void drop_peer(struct defrag *defrag, struct peer *peer)
{
	struct peer **at;

	if (!peer || --peer->n_waiting)
		return;
	at = &defrag->peers[bucket_of(&peer->source, &peer->source, 0)];
	while (*at != peer)
		at = &(*at)->next;
	*at = peer->next;
	free(peer);
}

static void charge(struct defrag *defrag, struct datagram *datagram, uint32_t bytes)
{
	datagram->cost += bytes;
	defrag->cost[datagram->key.family == FAMILY_IPV6] += bytes;
}

/* The pieces are gone, with all that they cost. */
static void forget_pieces(struct defrag *defrag, struct datagram *datagram)
{
	defrag->n_pieces -= datagram->queue.n_pieces;
	defrag->cost[datagram->key.family == FAMILY_IPV6] -= datagram->cost;
	datagram->cost = 0;
	defrag_queue_reset(&datagram->queue);
}

static void remove_datagram(struct defrag *defrag, struct datagram *datagram)
{
	struct datagram **at = bucket_for(defrag, &datagram->key);

	while (*at != datagram)
		at = &(*at)->next;
	*at = datagram->next;
	timers_remove(&defrag->timers, &datagram->timer);
	drop_peer(defrag, datagram->peer);
	forget_pieces(defrag, datagram);
	defrag_queue_clear(&datagram->queue);
	store_give(&defrag->store, datagram->timer.number);
}

void defrag_set(struct defrag *defrag, const struct sysctl *sysctl, uint32_t value)
{
	settings_apply(&defrag->settings, sysctl, value);
}

void defrag_destroy(struct defrag *defrag)
{
	if (!defrag)
		return;
	for (size_t i = 0; i < N_BUCKETS; i++)
		while (defrag->buckets[i])
			remove_datagram(defrag, defrag->buckets[i]);
	timers_clear(&defrag->timers);
	store_clear(&defrag->store);
	free(defrag->packets);
	free(defrag->lens);
	free(defrag);
}

/* The packets of the pieces that are there, and how long these are, but for packet `without`. */
static void list_packets(struct defrag *defrag, const struct defrag_queue *queue, uint64_t without)
{
	if (defrag->capacity < queue->n_pieces) {
		defrag->capacity = alloc_grown_capacity(defrag->capacity, queue->n_pieces);
		defrag->packets = alloc_resize(defrag->packets, defrag->capacity, sizeof(*defrag->packets));
		defrag->lens = alloc_resize(defrag->lens, defrag->capacity, sizeof(*defrag->lens));
	}
	defrag->n_packets = 0;
	for (size_t i = 0; i < queue->n_pieces; i++)
		if (queue->pieces[i].packet != without) {
			defrag->lens[defrag->n_packets] = queue->pieces[i].len;
			defrag->packets[defrag->n_packets++] = queue->pieces[i].packet;
		}
}

/* Tells which packets are lost because of the one that comes now, or of time. */
static void emit_lost(struct defrag *defrag, const struct datagram *datagram, const char *reason)
{
	struct event event = { .kind = EVENT_FRAGMENTS };

	if (!stream_wants(defrag->stream, EVENT_FRAGMENTS))
		return;
	list_packets(defrag, &datagram->queue, defrag->stream->packet);
	if (!defrag->n_packets)
		return;
	event.fragments = (struct event_fragments){
		.reason = reason, .packets = defrag->packets, .n_packets = defrag->n_packets,
		.is_expired = datagram->is_expired,
	};
	stream_emit(defrag->stream, &event);
}

static uint32_t lifetime(const struct defrag *defrag, const struct key *key)
{
	if (key->family == FAMILY_IPV4)
		return defrag->settings.ipfrag_time;
	return key->user == HOOK_INPUT ? defrag->settings.ip6frag_time : defrag->settings.frag6_timeout;
}

/*
 * How late a kernel's timer of so many seconds may be. Linux 6.18, calc_wheel_index(): the wheel's levels have eight
 * times coarser steps each, and a timer ends with its step: 30 s may become 32.05 s at 250 Hz.
 */
static struct vtime slack(const struct defrag *defrag, uint32_t seconds)
{
	int64_t hz = defrag->settings.hz, step = 1;

	while (seconds * hz >= 63 * step)
		step *= 8;
	return (struct vtime){ .ns = (step + 1) * VTIME_NS_PER_SECOND / hz };
}

bool defrag_is_due(struct defrag *defrag, struct vtime now, struct vtime *due)
{
	const struct timer *timer = timers_find_due(&defrag->timers, now);

	if (timer)
		*due = timer->deadline;
	return timer != NULL;
}

bool defrag_expire(struct defrag *defrag, struct vtime now, struct packet *first)
{
	struct vtime resume = defrag->stream->time;
	struct timer *timer = timers_pop_due(&defrag->timers, now);
	struct datagram *datagram = datagram_at(defrag, timer->number);
	struct vtime late = slack(defrag, lifetime(defrag, &datagram->key));
	bool has_first;

	if (datagram->is_expired) {
		remove_datagram(defrag, datagram);
		return false;
	}
	defrag->stream->time = first->time = timer->deadline;
	datagram->is_expired = true;
	emit_lost(defrag, datagram, "the rest of the datagram did not come in time");
	has_first = datagram->key.user != HOOK_OUTPUT &&
		    defrag_queue_restore_first(&datagram->queue, datagram->key.family, first);
	forget_pieces(defrag, datagram);
	drop_peer(defrag, datagram->peer);
	datagram->peer = NULL;
	timer->order = ++defrag->n_filed;
	timers_add(&defrag->timers, timer, (struct vtime){ .ns = timer->deadline.ns + late.ns });
	defrag->stream->time = resume;
	return has_first;
}

static void warn_unsure(struct defrag *defrag, const struct packet *packet)
{
	struct event event = { .kind = EVENT_WARNING };
	struct text text;

	text_init(&text);
	text_printf(&text, "packet %" PRIu64 " is a fragment that came just after the time of its datagram was over: taken "
			   "for too late, but a kernel's timer may run that late as well", packet->number);
	event.warning.text = text_string(&text);
	stream_emit(defrag->stream, &event);
	text_clear(&text);
}

static struct datagram *find_datagram(struct defrag *defrag, const struct packet *packet, const struct key *key)
{
	struct datagram *datagram = *bucket_for(defrag, key);

	while (datagram && !is_same_key(&datagram->key, key))
		datagram = datagram->next;
	if (!datagram || !datagram->is_expired)
		return datagram;
	warn_unsure(defrag, packet);
	remove_datagram(defrag, datagram);
	return NULL;
}

static struct datagram *begin_datagram(struct defrag *defrag, const struct packet *packet, const struct key *key)
{
	struct datagram **bucket = bucket_for(defrag, key);
	uint32_t number;
	struct datagram *datagram = store_take(&defrag->store, 0, &number);

	datagram->timer.number = number;
	datagram->timer.order = ++defrag->n_filed;
	datagram->key = *key;
	datagram->next = *bucket;
	*bucket = datagram;
	if (packet->family == FAMILY_IPV4 && defrag->settings.ipfrag_max_dist)
		datagram->peer = hold_peer(defrag, &key->source);
	charge(defrag, datagram, packet->family == FAMILY_IPV6 ? IPV6_QUEUE_COST : IPV4_QUEUE_COST);
	timers_add(&defrag->timers, &datagram->timer, vtime_add_seconds(packet->time, lifetime(defrag, key)));
	return datagram;
}

/* Linux 6.18, inet_frag_find(): what waits already counts, the new piece does not. NULL: too much waits. */
static struct datagram *find_or_begin(struct defrag *defrag, const struct packet *packet, const struct key *key)
{
	bool is_ipv6 = packet->family == FAMILY_IPV6;
	uint32_t most = is_ipv6 ? defrag->settings.frag6_high_thresh : defrag->settings.ipfrag_high_thresh;
	struct datagram *datagram;

	if (!most || defrag->cost[is_ipv6] > most)
		return NULL;
	datagram = find_datagram(defrag, packet, key);
	return datagram ? datagram : begin_datagram(defrag, packet, key);
}

/* Linux 6.18, ip_frag_too_far(), ip_frag_reinit(): too many others of the source since the latest piece of this one. */
static void check_distance(struct defrag *defrag, struct datagram *datagram, struct vtime now)
{
	uint32_t before = datagram->seen_pieces;

	if (!datagram->peer)
		return;
	datagram->seen_pieces = ++datagram->peer->n_pieces;
	if (!datagram->queue.n_pieces || datagram->seen_pieces - before <= defrag->settings.ipfrag_max_dist)
		return;
	emit_lost(defrag, datagram, "too many other fragments of the same source came between");
	forget_pieces(defrag, datagram);
	charge(defrag, datagram, IPV4_QUEUE_COST);
	timers_rearm(&defrag->timers, &datagram->timer, vtime_add_seconds(now, lifetime(defrag, &datagram->key)));
}

static const char contradicts[] = "the fragments of the datagram contradict each other";
static const char too_long[] = "the datagram would be longer than 65535 bytes";

static enum defrag_result drop(struct defrag_answer *answer, const char *reason)
{
	answer->reason = reason;
	return DEFRAG_DROPPED;
}

/* Drops the piece, and all that waited with it. */
static enum defrag_result kill_with(struct defrag *defrag, struct datagram *datagram, struct defrag_answer *answer,
				    const char *reason)
{
	emit_lost(defrag, datagram, reason);
	remove_datagram(defrag, datagram);
	return drop(answer, reason);
}

static enum defrag_result join(struct defrag *defrag, struct datagram *datagram, struct packet *packet,
			       struct defrag_answer *answer)
{
	const char *reason;

	if (!defrag_queue_join(&datagram->queue, packet, &reason))
		return kill_with(defrag, datagram, answer, reason);
	list_packets(defrag, &datagram->queue, 0);
	answer->packets = defrag->packets;
	answer->n_packets = defrag->n_packets;
	answer->split = (struct split){
		.lens = defrag->lens, .n_lens = defrag->n_packets, .longest = datagram->queue.longest,
		.identification = datagram->key.identification,
	};
	remove_datagram(defrag, datagram);
	return DEFRAG_WHOLE;
}

static enum defrag_fit take_piece(struct defrag *defrag, struct datagram *datagram, const struct packet *packet,
				  const struct fragment *fragment)
{
	enum defrag_fit fit = defrag_queue_add(&datagram->queue, packet, fragment);

	if (fit == DEFRAG_FITS) {
		defrag->n_pieces++;
		charge(defrag, datagram, defrag_queue_piece_cost(packet->total_len));
	}
	return fit;
}

/* The end of ip_frag_queue() and nf_ct_frag6_queue(): does the piece fit, and is the datagram whole with it? */
static enum defrag_result add_piece(struct defrag *defrag, struct datagram *datagram, struct packet *packet,
				    const struct fragment *fragment, struct defrag_answer *answer)
{
	switch (take_piece(defrag, datagram, packet, fragment)) {
	case DEFRAG_REPEATS:
		return drop(answer, "a fragment that was there already");
	case DEFRAG_OVERLAPS:
		return kill_with(defrag, datagram, answer, "fragments overlap: the datagram is given up");
	case DEFRAG_FITS:
		break;
	}
	if (defrag_queue_is_whole(&datagram->queue))
		return join(defrag, datagram, packet, answer);
	answer->reason = "waits for the rest of its datagram";
	return DEFRAG_HELD;
}

static enum defrag_result add_ipv4(struct defrag *defrag, struct datagram *datagram, struct packet *packet,
				   struct fragment *fragment, struct defrag_answer *answer)
{
	check_distance(defrag, datagram, packet->time);
	if (fragment->has_more)
		fragment->end -= fragment->end % 8;
	if (!defrag_queue_note_len(&datagram->queue, fragment))
		return kill_with(defrag, datagram, answer, contradicts);
	if (fragment->end == fragment->offset)
		return kill_with(defrag, datagram, answer, "a fragment without data: the datagram is given up");
	return add_piece(defrag, datagram, packet, fragment, answer);
}

/* IPv6 is milder: a piece that contradicts the others is dropped alone. */
static enum defrag_result add_ipv6(struct defrag *defrag, struct datagram *datagram, struct packet *packet,
				   struct fragment *fragment, struct defrag_answer *answer)
{
	if (fragment->end > LONGEST_DATAGRAM)
		return drop(answer, too_long);
	if (fragment->has_more && fragment->end % 8) {
		kill_with(defrag, datagram, answer, "a fragment is no multiple of 8 bytes: the datagram is given up");
		answer->reason = NULL;
		return DEFRAG_NONE;
	}
	if (!defrag_queue_note_len(&datagram->queue, fragment))
		return drop(answer, contradicts);
	if (fragment->end == fragment->offset)
		return drop(answer, "a fragment without data");
	return add_piece(defrag, datagram, packet, fragment, answer);
}

enum defrag_result defrag_add(struct defrag *defrag, struct packet *packet, enum hook user, const char *interface,
			      struct defrag_answer *answer)
{
	struct fragment fragment;
	struct datagram *datagram;
	struct key key;

	*answer = (struct defrag_answer){ 0 };
	switch (fragment_find(packet, &fragment)) {
	case FRAGMENT_NONE:
	case FRAGMENT_HEADLESS:
		return DEFRAG_NONE;
	case FRAGMENT_SHORT:
		return drop(answer, "the packet ends within its fragment header");
	case FRAGMENT_PIECE:
		break;
	}
	key = key_of(packet, &fragment, user, interface);
	datagram = find_or_begin(defrag, packet, &key);
	if (!datagram)
		return drop(answer, "too many fragments wait already");
	if (packet->family == FAMILY_IPV6)
		return add_ipv6(defrag, datagram, packet, &fragment, answer);
	return add_ipv4(defrag, datagram, packet, &fragment, answer);
}

void defrag_note_delivered(struct defrag *defrag, struct packet *packet, const char *interface)
{
	struct fragment fragment;
	struct datagram *datagram;
	struct key key;

	if (fragment_find(packet, &fragment) != FRAGMENT_PIECE || fragment.end > LONGEST_DATAGRAM ||
	    (fragment.has_more && fragment.end % 8))
		return;
	key = key_of(packet, &fragment, HOOK_INPUT, interface);
	datagram = find_or_begin(defrag, packet, &key);
	if (!datagram)
		return;
	if (!defrag_queue_note_len(&datagram->queue, &fragment) || fragment.end == fragment.offset ||
	    take_piece(defrag, datagram, packet, &fragment) == DEFRAG_OVERLAPS) {
		emit_lost(defrag, datagram, contradicts);
		remove_datagram(defrag, datagram);
	} else if (defrag_queue_is_whole(&datagram->queue)) {
		remove_datagram(defrag, datagram);
	}
}
