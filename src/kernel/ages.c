/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/ages.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "kernel/netns.h"
#include "packet/packet.h"

enum {
	STREAM_SECONDS = 2,
	NS_PER_MS = 1000000,
	TICK_NS = 10 * NS_PER_MS,	/* one tick of the slowest kernel: HZ 100 */
	EXTRA_SECONDS = 2,		/* how much longer than needed an entry is kept alive */
};

static size_t id_bucket(uint32_t kernel_id)
{
	return kernel_id % AGES_BUCKETS;
}

/* Zones aside: the walk has one host, and a packet does not know its zone. */
static size_t tuple_bucket(const struct tuple *tuple)
{
	uint64_t hash = tuple->protocol;
	const struct tuple *t = tuple;

	for (size_t i = 0; i < 4; i++)
		hash = (hash ^ t->source.word[i] ^ (uint64_t)t->destination.word[i] << 32) * 0x9e3779b97f4a7c15u;
	hash = (hash ^ t->source_port ^ (uint64_t)t->destination_port << 16) * 0x9e3779b97f4a7c15u;
	return (size_t)(hash >> 32) % AGES_BUCKETS;
}

static bool is_same_tuple(const struct tuple *a, const struct tuple *b)
{
	struct tuple left = *a, right = *b;

	left.zone = right.zone = 0;
	return tuple_is_equal(&left, &right);
}

struct vtime ages_real_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (struct vtime){ .ns = (int64_t)now.tv_sec * VTIME_NS_PER_SECOND + now.tv_nsec };
}

void ages_sleep(int64_t ns)
{
	struct timespec left = { .tv_sec = ns / VTIME_NS_PER_SECOND, .tv_nsec = ns % VTIME_NS_PER_SECOND };

	if (ns > 0)
		while (nanosleep(&left, &left) < 0 && errno == EINTR)
			;
}

/* The coarse clock stands still between two ticks. */
struct vtime ages_tick(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (struct vtime){ .ns = (int64_t)now.tv_sec * VTIME_NS_PER_SECOND + now.tv_nsec };
}

void ages_wait_for_tick(void)
{
	int64_t before = ages_tick().ns;

	while (ages_tick().ns == before)
		ages_sleep(NS_PER_MS / 2);
}

/* All timeouts that a tracker may use: what an armed timer can have been set to. */
static void read_timeouts(struct ages *ages)
{
	static const char folder[] = "/proc/sys/net/netfilter";
	DIR *dir = opendir(folder);
	struct dirent *file;
	char path[512], line[32];

	while (dir && (file = readdir(dir)) && ages->n_timeouts < AGES_MOST_TIMEOUTS) {
		if (!strstr(file->d_name, "timeout") || strstr(file->d_name, "frag6"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, file->d_name);
		netns_read_line(path, line, sizeof(line));
		ages->timeouts[ages->n_timeouts++] = (uint32_t)strtoul(line, NULL, 10);
	}
	if (dir)
		closedir(dir);
}

static struct timer *find_end(const void *owner, uint32_t number)
{
	return &((struct aged_entry *)store_at(&((const struct ages *)owner)->store, number))->end;
}

static struct timer *find_death(const void *owner, uint32_t number)
{
	return &((struct aged_entry *)store_at(&((const struct ages *)owner)->store, number))->death;
}

void ages_init(struct ages *ages, struct entries *entries)
{
	const size_t size = sizeof(struct aged_entry);

	memset(ages, 0, sizeof(*ages));
	ages->entries = entries;
	store_init(&ages->store, &size, 1);
	timers_init(&ages->ends, find_end, ages);
	timers_init(&ages->deaths, find_death, ages);
	ages->by_id = alloc_zeroed(AGES_BUCKETS, sizeof(struct aged_entry *));
	ages->by_tuple = alloc_zeroed(AGES_BUCKETS, sizeof(struct aged_link *));
	read_timeouts(ages);
}

void ages_clear(struct ages *ages)
{
	timers_clear(&ages->ends);
	timers_clear(&ages->deaths);
	store_clear(&ages->store);
	free(ages->by_id);
	free(ages->by_tuple);
	memset(ages, 0, sizeof(*ages));
}

struct aged_entry *ages_find(const struct ages *ages, uint32_t kernel_id)
{
	struct aged_entry *entry = ages->by_id[id_bucket(kernel_id)];

	while (entry && entry->entry.kernel_id != kernel_id)
		entry = entry->next;
	return entry;
}

static struct aged_entry *find_by_one_key(const struct ages *ages, const struct tuple *tuple)
{
	for (size_t bucket = 0; bucket < AGES_BUCKETS; bucket++)
		for (struct aged_entry *entry = ages->by_id[bucket]; entry; entry = entry->next)
			for (size_t direction = 0; direction < 2; direction++) {
				struct tuple other = entry->entry.tuple[direction];

				other.source_port = tuple->source_port;
				if (is_same_tuple(&other, tuple))
					return entry;
			}
	return NULL;
}

static const struct tuple *tuple_of(const struct aged_link *link)
{
	return &link->entry->entry.tuple[link - link->entry->links];
}

/* Of an entry whose two tuples are the same, what somebody says to himself, the first alone: it is met once. */
static bool is_link_of(const struct aged_link *link, const struct tuple *tuple)
{
	return is_same_tuple(tuple_of(link), tuple) &&
	       (link == link->entry->links || !is_same_tuple(&link->entry->entry.tuple[0], tuple));
}

struct aged_entry *ages_find_tuple(const struct ages *ages, const struct tuple *tuple, const struct aged_entry *after)
{
	const struct aged_link *link = ages->by_tuple[tuple_bucket(tuple)];

	while (after && link && (link->entry != after || !is_link_of(link, tuple)))
		link = link->next;
	for (link = after && link ? link->next : link; link; link = link->next)
		if (is_link_of(link, tuple))
			return link->entry;
	return !after && tuple->protocol == PROTOCOL_GRE && tuple->destination_port ? find_by_one_key(ages, tuple) : NULL;
}

struct aged_entry *ages_find_in_zone(const struct ages *ages, const struct tuple *tuple, enum direction direction)
{
	for (const struct aged_link *link = ages->by_tuple[tuple_bucket(tuple)]; link; link = link->next)
		if (link == &link->entry->links[direction] && tuple_is_equal(tuple_of(link), tuple))
			return link->entry;
	return NULL;
}

static void unlink_tuple(struct ages *ages, struct aged_entry *entry, size_t direction)
{
	struct aged_link **at = &ages->by_tuple[tuple_bucket(&entry->entry.tuple[direction])];

	while (*at && *at != &entry->links[direction])
		at = &(*at)->next;
	if (*at)
		*at = (*at)->next;
}

static void link_tuple(struct ages *ages, struct aged_entry *entry, size_t direction)
{
	struct aged_link **bucket = &ages->by_tuple[tuple_bucket(&entry->entry.tuple[direction])];

	entry->links[direction] = (struct aged_link){ .entry = entry, .next = *bucket };
	*bucket = &entry->links[direction];
}

void ages_forget(struct ages *ages, struct aged_entry *entry)
{
	struct aged_entry **at = &ages->by_id[id_bucket(entry->entry.kernel_id)];

	while (*at != entry)
		at = &(*at)->next;
	*at = entry->next;
	unlink_tuple(ages, entry, 0);
	unlink_tuple(ages, entry, 1);
	timers_remove(&ages->ends, &entry->end);
	timers_remove(&ages->deaths, &entry->death);
	ages->n_live--;
	store_give(&ages->store, entry->end.number);
}

static struct aged_entry *add(struct ages *ages, const struct kernel_entry *kernel, struct vtime real)
{
	uint32_t number;
	struct aged_entry *entry = store_take(&ages->store, 0, &number), **bucket = &ages->by_id[id_bucket(kernel->kernel_id)];

	entry->end.number = entry->death.number = number;
	entry->entry = *kernel;
	entry->id = ++ages->n_created;
	entry->end.order = entry->death.order = entry->id;	/* of those that end at once, the one that began first */
	entry->born = ages->now;
	entry->born_real = real;
	entry->next = *bucket;
	*bucket = entry;
	link_tuple(ages, entry, 0);
	link_tuple(ages, entry, 1);
	ages->n_live++;
	return entry;
}

static bool is_timeout(const struct ages *ages, uint32_t seconds)
{
	for (size_t i = 0; i < ages->n_timeouts; i++)
		if (ages->timeouts[i] == seconds)
			return true;
	return false;
}

/* What the timer was set to, of which `seconds_left` are left. */
static uint32_t find_armed(struct ages *ages, const struct kernel_entry *entry)
{
	bool is_whole = is_timeout(ages, entry->seconds_left), is_started = is_timeout(ages, entry->seconds_left + 1);
	struct kernel_entry later;

	if (is_whole != is_started)
		return entry->seconds_left + is_started;
	if (ages_tick().ns == ages->tick)
		return entry->seconds_left;	/* nothing has gone by yet */
	ages_sleep(TICK_NS + NS_PER_MS);
	if (!entries_find_again(ages->entries, entry, &later))
		return entry->seconds_left;
	return later.seconds_left + 1;
}

static void file(struct timers *timers, struct timer *timer, struct vtime deadline)
{
	timers_remove(timers, timer);
	timers_add(timers, timer, deadline);
}

/* Timers that jump without a counted packet: a window check that lowers them, a reset by REJECT. */
static bool has_jumped(const struct aged_entry *entry, const struct kernel_entry *seen, struct vtime real)
{
	int64_t expected = (entry->death.deadline.ns - real.ns) / VTIME_NS_PER_SECOND;
	int64_t difference = (int64_t)seen->seconds_left - expected;

	return difference < -2 || difference > 2;
}

static uint64_t n_packets(const struct kernel_entry *entry)
{
	return entry->n_packets[0] + entry->n_packets[1];
}

struct aged_entry *ages_note(struct ages *ages, const struct kernel_entry *kernel, struct vtime real, bool *was_armed)
{
	struct aged_entry *entry = ages_find(ages, kernel->kernel_id);

	if (!entry)
		entry = add(ages, kernel, real);
	*was_armed = !entry->is_known || n_packets(&entry->entry) != n_packets(kernel) || has_jumped(entry, kernel, real);
	entry->entry = *kernel;
	if (!*was_armed)
		return entry;
	entry->is_known = true;
	entry->timeout_seconds = find_armed(ages, kernel);
	file(&ages->ends, &entry->end, vtime_add_seconds(ages->now, entry->timeout_seconds));
	file(&ages->deaths, &entry->death, vtime_add_seconds(real, entry->timeout_seconds));
	return entry;
}

static struct aged_entry *of_end(struct timer *timer)
{
	return (struct aged_entry *)(void *)((char *)timer - offsetof(struct aged_entry, end));
}

static struct aged_entry *of_death(struct timer *timer)
{
	return (struct aged_entry *)(void *)((char *)timer - offsetof(struct aged_entry, death));
}

/* Whole seconds that are left in virtual time, rounded up. */
static uint32_t seconds_left(const struct ages *ages, const struct aged_entry *entry)
{
	int64_t left = entry->end.deadline.ns - ages->now.ns;

	return left <= 0 ? 0 : (uint32_t)((left + VTIME_NS_PER_SECOND - 1) / VTIME_NS_PER_SECOND);
}

/* Arms what would end within `seconds` of real time although virtual time says that it lives. */
static void keep_alive(struct ages *ages, uint32_t seconds)
{
	struct vtime real = ages_real_time(), soon = vtime_add_seconds(real, seconds + 1);
	struct timer *timer;

	while ((timer = timers_pop_due(&ages->deaths, soon))) {
		struct aged_entry *entry = of_death(timer);
		uint32_t left = seconds_left(ages, entry) + seconds + EXTRA_SECONDS;

		entries_set_timeout(ages->entries, &entry->entry, left);
		file(&ages->deaths, timer, vtime_add_seconds(real, left));
	}
}

void ages_make_exact(struct ages *ages, struct aged_entry *entry)
{
	uint32_t left = seconds_left(ages, entry);

	if (left < EXTRA_SECONDS)
		left = EXTRA_SECONDS;
	entries_set_timeout(ages->entries, &entry->entry, left);
	file(&ages->deaths, &entry->death, vtime_add_seconds(ages_real_time(), left));
}

void ages_move(struct ages *ages, struct vtime now, ages_listener *listener, void *owner)
{
	struct timer *timer;

	while ((timer = timers_pop_due(&ages->ends, now))) {
		struct aged_entry *entry = of_end(timer);

		entries_remove(ages->entries, &entry->entry);
		listener(owner, entry);
		ages_forget(ages, entry);
	}
	ages->now = now;
	if (!ages->is_real_time)
		keep_alive(ages, 0);
}

static bool is_stream(const struct aged_entry *entry)
{
	return entry->entry.tuple[DIRECTION_ORIGINAL].protocol == PROTOCOL_UDP && entry->entry.status & STATUS_SEEN_REPLY;
}

static int64_t wait_of(const struct ages *ages, const struct aged_entry *entry)
{
	int64_t limit = (int64_t)STREAM_SECONDS * VTIME_NS_PER_SECOND;
	int64_t age = ages->now.ns - entry->born.ns, real_age = ages_real_time().ns - entry->born_real.ns;

	return is_stream(entry) && age > limit && real_age < limit + TICK_NS ? limit + TICK_NS - real_age : 0;
}

int64_t ages_stream_wait(const struct ages *ages, const struct tuple *tuple)
{
	const struct aged_entry *entry = NULL;
	int64_t longest = 0;

	while ((entry = ages_find_tuple(ages, tuple, entry)))
		if (wait_of(ages, entry) > longest)
			longest = wait_of(ages, entry);
	return longest;
}

bool ages_wait_for_stream(struct ages *ages, const struct tuple *tuple)
{
	int64_t limit = (int64_t)STREAM_SECONDS * VTIME_NS_PER_SECOND, wait = ages_stream_wait(ages, tuple);
	const struct aged_entry *entry = NULL;

	if (wait > 0) {
		keep_alive(ages, STREAM_SECONDS);
		ages_sleep(wait);
	}
	while ((entry = ages_find_tuple(ages, tuple, entry)))
		if (is_stream(entry) && ages->now.ns - entry->born.ns <= limit && ages_real_time().ns - entry->born_real.ns > limit)
			return false;
	return true;
}
