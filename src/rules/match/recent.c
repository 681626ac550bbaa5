/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m recent: lists of addresses and when they were seen. Linux 6.18, xt_recent.c: recent_mt(), recent_mt_check().
 * Rules of one name share one list, IPv4 and IPv6 alike; the first rule's mask is the list's.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "rules/match_parts.h"
#include "rules/options_value.h"

enum { SET, RCHECK, UPDATE, REMOVE, SECONDS, REAP, HITCOUNT, RTTL, NAME, RSOURCE, RDEST, MASK };

enum {
	NAME_LONGEST = 199, DEFAULT_STAMPS = 32,
	ENTRIES_MOST = 100,		/* ip_list_tot */
	N_BUCKETS = 128,
};

struct recent_config {
	struct option_marks marks;
	uint32_t seconds, hitcount;
	bool is_destination;
	uint8_t family;
	struct address mask;
	char name[NAME_LONGEST + 1];
};

/* struct recent_entry: stamps are a ring of recent_table.n_stamps places, made as they are needed; `index` is behind the newest. */
struct recent_entry {
	struct recent_entry *next_in_bucket;
	struct recent_entry *older, *newer;	/* by the last update */
	struct address address;
	uint8_t family, ttl;
	uint32_t n_stamps, capacity, index;
	int64_t *stamps;			/* jiffies */
};

struct recent_table {
	struct address mask;
	uint32_t n_stamps;			/* a power of two */
	uint32_t n_entries;
	struct recent_entry *oldest, *newest;
	struct recent_entry *buckets[N_BUCKETS];
};

struct recent_state {
	struct recent_table *table;		/* borrowed */
};

static bool choose_source(void *config, const struct argument *values, const struct extension_place *place,
			  struct diagnostics *diagnostics)
{
	((struct recent_config *)config)->is_destination = false;
	(void)values;
	(void)place;
	(void)diagnostics;
	return true;
}

static bool choose_destination(void *config, const struct argument *values, const struct extension_place *place,
			       struct diagnostics *diagnostics)
{
	((struct recent_config *)config)->is_destination = true;
	(void)values;
	(void)place;
	(void)diagnostics;
	return true;
}

static bool parse_mask(void *config, const struct argument *values, const struct extension_place *place,
		       struct diagnostics *diagnostics)
{
	/* Of an IPv4 mask that is written the rest is 0, of that which is not, it is 1: IPv6 rules of the same list see it. */
	memset(&((struct recent_config *)config)->mask, 0, sizeof(struct address));
	return options_value_store_mask(&((struct recent_config *)config)->mask, values, place->family, diagnostics);
}

#define ACTIONS (1 << SET | 1 << RCHECK | 1 << UPDATE | 1 << REMOVE)
#define OTHER_ACTIONS(mark) (ACTIONS & ~(1 << (mark)))
#define ACTION_OPTION(option, action, more, more_names, words) \
	{ .name = option, .kind = OPTION_FLAG, .flags = OPTION_INVERTIBLE, .mark = action, \
	  .excludes = OTHER_ACTIONS(action) | (more), .excluded_names = "another action" more_names, .summary = words }

static const struct option_spec options[] = {
	ACTION_OPTION("set", SET, 1 << RTTL, " or --rttl", "put the address on the list, with the time; always matches"),
	ACTION_OPTION("rcheck", RCHECK, 0, "", "the address is on the list"),
	ACTION_OPTION("update", UPDATE, 0, "", "the same, and note the time again when it matches"),
	ACTION_OPTION("remove", REMOVE, 1 << RTTL, " or --rttl", "the address was on the list; it is taken off"),
	{ .name = "seconds", .kind = OPTION_NUMBER, .mark = SECONDS, .offset = offsetof(struct recent_config, seconds),
	  .min = 1, .max = UINT32_MAX, .value_name = "seconds", .summary = "count only what is at most so old" },
	{ .name = "reap", .kind = OPTION_FLAG, .mark = REAP, .summary = "drop the address not seen for longest when it is older than --seconds" },
	{ .name = "hitcount", .kind = OPTION_NUMBER, .mark = HITCOUNT, .offset = offsetof(struct recent_config, hitcount),
	  .max = UINT32_MAX, .value_name = "number", .summary = "seen at least so often" },
	{ .name = "rttl", .kind = OPTION_FLAG, .mark = RTTL, .excludes = 1 << SET | 1 << REMOVE,
	  .excluded_names = "--set or --remove", .summary = "with the same time to live" },
	{ .name = "name", .kind = OPTION_STRING, .flags = OPTION_CUT, .mark = NAME, .offset = offsetof(struct recent_config, name),
	  .max = NAME_LONGEST, .value_name = "name", .summary = "the list; DEFAULT when not given" },
	{ .name = "rsource", .kind = OPTION_CUSTOM, .mark = RSOURCE, .parse = choose_source, .summary = "the source address (default)" },
	{ .name = "rdest", .kind = OPTION_CUSTOM, .mark = RDEST, .parse = choose_destination, .summary = "the destination address" },
	{ .name = "mask", .kind = OPTION_CUSTOM, .n_values = 1, .mark = MASK, .value_name = "mask", .parse = parse_mask,
	  .summary = "bits of the address that count" },
};

static void init(void *config)
{
	struct recent_config *recent = config;

	memset(&recent->mask, 0xff, sizeof(recent->mask));
	strcpy(recent->name, "DEFAULT");
}

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct recent_config *recent = config;
	const struct option_marks *marks = &recent->marks;
	uint32_t most = profile_value(place->profile, PROFILE_MOST_HITS);

	recent->family = (uint8_t)place->family;
	if (!match_parts_need_option(config, ACTIONS, "recent needs --set, --rcheck, --update or --remove", place, diagnostics))
		return false;
	if (options_is_seen(marks, REAP) && !options_is_seen(marks, SECONDS)) {
		diag_error(diagnostics, place->where, NULL, "--reap needs --seconds");
		return false;
	}
	if ((options_is_seen(marks, SET) || options_is_seen(marks, REMOVE)) && (recent->seconds || recent->hitcount)) {
		diag_error(diagnostics, place->where, "they belong to --rcheck and --update",
			   "--seconds and --hitcount cannot stand together with --set or --remove");
		return false;
	}
	if (recent->hitcount > most) {
		diag_error(diagnostics, place->where, NULL, "--hitcount %u is too large (at most %u)", recent->hitcount, most);
		return false;
	}
	return match_parts_check_name(recent->name, place, diagnostics);
}

static uint32_t bucket_of(const struct address *address)
{
	uint32_t hash = (address->word[0] ^ address->word[1] ^ address->word[2] ^ address->word[3]) * UINT32_C(0x9e3779b1);

	return hash >> 25;
}

static void unlink_entry(struct recent_table *table, struct recent_entry *entry)
{
	*(entry->older ? &entry->older->newer : &table->oldest) = entry->newer;
	*(entry->newer ? &entry->newer->older : &table->newest) = entry->older;
}

static void link_newest(struct recent_table *table, struct recent_entry *entry)
{
	entry->older = table->newest;
	entry->newer = NULL;
	*(entry->older ? &entry->older->newer : &table->oldest) = entry;
	table->newest = entry;
}

static void remove_entry(struct recent_table *table, struct recent_entry *entry)
{
	struct recent_entry **link = &table->buckets[bucket_of(&entry->address)];

	while (*link != entry)
		link = &(*link)->next_in_bucket;
	*link = entry->next_in_bucket;
	unlink_entry(table, entry);
	table->n_entries--;
	free(entry->stamps);
	free(entry);
}

static void destroy_table(void *object)
{
	struct recent_table *table = object;

	while (table->oldest)
		remove_entry(table, table->oldest);
	free(table);
}

/* Linux 6.18, recent_entry_lookup(): a TTL of 0 on either side fits any. */
static struct recent_entry *find_entry(const struct recent_table *table, const struct address *address, uint8_t family,
				       uint8_t ttl)
{
	struct recent_entry *entry = table->buckets[bucket_of(address)];

	for (; entry; entry = entry->next_in_bucket) {
		if (entry->family == family && address_is_equal(&entry->address, address) &&
		    (ttl == entry->ttl || !ttl || !entry->ttl))
			return entry;
	}
	return NULL;
}

static void note_time(struct recent_table *table, struct recent_entry *entry, int64_t now)
{
	entry->index &= table->n_stamps - 1;
	if (entry->index == entry->capacity) {
		entry->capacity *= 2;
		entry->stamps = alloc_resize(entry->stamps, entry->capacity, sizeof(*entry->stamps));
	}
	entry->stamps[entry->index++] = now;
	if (entry->index > entry->n_stamps)
		entry->n_stamps = entry->index;
	unlink_entry(table, entry);
	link_newest(table, entry);
}

static void add_entry(struct recent_table *table, const struct address *address, uint8_t family, uint8_t ttl, int64_t now)
{
	struct recent_entry **bucket = &table->buckets[bucket_of(address)], *entry;

	if (table->n_entries >= ENTRIES_MOST)
		remove_entry(table, table->oldest);
	entry = alloc_zeroed(1, sizeof(*entry));
	entry->capacity = 1;
	entry->stamps = alloc_zeroed(entry->capacity, sizeof(*entry->stamps));
	entry->address = *address;
	entry->family = family;
	entry->ttl = ttl;
	entry->stamps[0] = now;
	entry->n_stamps = entry->index = 1;
	entry->next_in_bucket = *bucket;
	*bucket = entry;
	link_newest(table, entry);
	table->n_entries++;
}

/* Linux 6.18, recent_mt_check(): a later rule that wants more stamps empties the list. */
static void attach(const void *config, void *state, struct shared_states *shared)
{
	const struct recent_config *recent = config;
	struct recent_state *block = state;
	struct recent_table *table = shared_states_find(shared, "recent", recent->name);
	uint32_t n_stamps = recent->hitcount ? 1 : DEFAULT_STAMPS;

	while (n_stamps < recent->hitcount)
		n_stamps *= 2;
	if (!table) {
		table = alloc_zeroed(1, sizeof(*table));
		table->mask = recent->mask;
		shared_states_add(shared, "recent", recent->name, table, destroy_table);
	}
	if (n_stamps > table->n_stamps)
		table->n_stamps = n_stamps;
	block->table = table;
}

static struct address key_of(const struct recent_config *recent, const struct recent_table *table, const struct packet *packet)
{
	struct address key = recent->is_destination ? packet->destination : packet->source;

	for (unsigned i = 0; i < 4; i++)
		key.word[i] &= table->mask.word[i];
	return key;
}

/* As it was before forwarding. */
static uint8_t ttl_of(const struct subject *subject)
{
	return (uint8_t)(subject->packet->ttl + (subject->out[0] && !subject->is_from_process));
}

/* The kernel counts the stamps that are not too old. They are in order, so the oldest of as many as there must be decides. */
static bool is_seen_enough(const struct recent_config *recent, const struct recent_table *table, const struct recent_entry *entry,
			   int64_t since)
{
	uint32_t n_hits = recent->hitcount ? recent->hitcount : 1;

	if (n_hits > entry->n_stamps)
		return false;
	return !recent->seconds || since <= entry->stamps[(entry->index - n_hits) & (table->n_stamps - 1)];
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct recent_config *recent = config;
	const struct option_marks *marks = &recent->marks;
	struct recent_table *table = ((struct recent_state *)state)->table;
	const struct packet *packet = subject->packet;
	struct address key = key_of(recent, table, packet);
	int64_t now = vtime_jiffies(subject->now, subject->hz), since = now - (int64_t)recent->seconds * subject->hz;
	uint8_t ttl = ttl_of(subject);
	struct recent_entry *entry = find_entry(table, &key, packet->family, options_is_seen(marks, RTTL) ? ttl : 0), *oldest;
	bool is_inverted = marks->inverted != 0, is_set = options_is_seen(marks, SET), holds = is_set;

	if (!entry) {
		if (is_set)
			add_entry(table, &key, packet->family, ttl, now);
		return holds != is_inverted ? MATCH_YES : MATCH_NO;
	}
	if (options_is_seen(marks, REMOVE)) {
		remove_entry(table, entry);
		return is_inverted ? MATCH_NO : MATCH_YES;
	}
	if (!is_set)
		holds = is_seen_enough(recent, table, entry, since);
	holds = holds != is_inverted;
	oldest = table->oldest;
	if (options_is_seen(marks, REAP) && since > oldest->stamps[oldest->index - 1] &&
	    !(oldest == entry && options_is_seen(marks, UPDATE) && holds)) {
		remove_entry(table, oldest);
		if (oldest == entry)
			return holds ? MATCH_YES : MATCH_NO;
	}
	if (is_set || (options_is_seen(marks, UPDATE) && holds)) {
		note_time(table, entry, now);
		entry->ttl = ttl;
	}
	return holds ? MATCH_YES : MATCH_NO;
}

static void print(const void *config, struct text *out)
{
	static const char *const actions[] = { " --set", " --rcheck", " --update", " --remove" };
	const struct recent_config *recent = config;

	text_append(out, recent->marks.inverted ? " !" : "");
	for (unsigned action = SET; action <= REMOVE; action++)
		text_append(out, options_is_seen(&recent->marks, action) ? actions[action] : "");
	if (recent->seconds)
		text_printf(out, " --seconds %d", (int)recent->seconds);
	if (options_is_seen(&recent->marks, REAP))
		text_append(out, " --reap");
	if (recent->hitcount)
		text_printf(out, " --hitcount %u", recent->hitcount);
	if (options_is_seen(&recent->marks, RTTL))
		text_append(out, " --rttl");
	text_printf(out, " --name %s --mask ", recent->name);
	address_print((enum family)recent->family, &recent->mask, out);
	text_append(out, recent->is_destination ? " --rdest" : " --rsource");
}

static void list(const void *config, struct text *out)
{
	static const char *const actions[] = { " SET", " CHECK", " UPDATE", " REMOVE" };
	const struct recent_config *recent = config;

	text_append(out, recent->marks.inverted ? " ! recent:" : " recent:");
	for (unsigned action = SET; action <= REMOVE; action++)
		text_append(out, options_is_seen(&recent->marks, action) ? actions[action] : "");
	if (recent->seconds)
		text_printf(out, " seconds: %d", (int)recent->seconds);
	if (options_is_seen(&recent->marks, REAP))
		text_append(out, " reap");
	if (recent->hitcount)
		text_printf(out, " hit_count: %u", recent->hitcount);
	if (options_is_seen(&recent->marks, RTTL))
		text_append(out, " TTL-Match");
	text_printf(out, " name: %s side: %s mask: ", recent->name, recent->is_destination ? "dest" : "source");
	address_print((enum family)recent->family, &recent->mask, out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct recent_config *recent = config;
	const struct packet *packet = subject->packet;

	text_append(out, "recent");
	print(config, out);
	text_append(out, ": ");
	address_print((enum family)packet->family, recent->is_destination ? &packet->destination : &packet->source, out);
	text_printf(out, recent->marks.inverted ? " is on the list" : " is not on the list, or not often or not lately enough");
}

const struct match_type match_recent = {
	.name = "recent",
	.summary = "addresses seen before",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct recent_config),
	.state_size = sizeof(struct recent_state),
	.init = init,
	.check = check,
	.attach = attach,
	.eval = eval,
	.print = print,
	.list = list,
	.explain = explain,
};
