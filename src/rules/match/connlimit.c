/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m connlimit: number of connections of an address or network. Linux 6.18, xt_connlimit.c: connlimit_mt();
 * nf_conncount.c: each rule keeps a list of connections for each key, cleaned when a packet of the key comes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "conntrack/tracker.h"
#include "conntrack/tracker/tcp_states.h"
#include "rules/match_parts.h"
#include "rules/options_value.h"

enum { UPTO, ABOVE, SADDR, DADDR, MASK };

enum { CLEAN_MOST = 64, N_SLOTS = 16384, SLOT_SHIFT = 18 };

struct connlimit_config {
	struct option_marks marks;
	uint32_t limit;
	uint32_t prefix_len;
};

struct key_list {
	struct key_list *next;
	struct address key;
	uint8_t family;
	uint16_t zone;
	struct tuple *tuples;		/* owned */
	size_t n_tuples, capacity;
	int64_t last_clean;		/* jiffy */
	unsigned n_added;		/* since then */
};

struct lists {
	struct key_list *slots[N_SLOTS];
};

struct connlimit_state {
	struct lists *lists;		/* borrowed */
};

static bool parse_mask(void *config, const struct argument *values, const struct extension_place *place,
		       struct diagnostics *diagnostics)
{
	return options_value_store_prefix_len(&((struct connlimit_config *)config)->prefix_len, values, place->family, diagnostics);
}

static const struct option_spec options[] = {
	{ .name = "connlimit-upto", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = UPTO,
	  .offset = offsetof(struct connlimit_config, limit), .max = UINT32_MAX, .excludes = 1 << ABOVE,
	  .excluded_names = "--connlimit-above", .value_name = "number", .summary = "matches while there are at most so many" },
	{ .name = "connlimit-above", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = ABOVE,
	  .offset = offsetof(struct connlimit_config, limit), .max = UINT32_MAX, .excludes = 1 << UPTO,
	  .excluded_names = "--connlimit-upto", .value_name = "number", .summary = "matches when there are more" },
	{ .name = "connlimit-mask", .kind = OPTION_CUSTOM, .n_values = 1, .mark = MASK, .value_name = "length",
	  .parse = parse_mask, .summary = "prefix of the address that counts; all of it when not given" },
	{ .name = "connlimit-saddr", .kind = OPTION_FLAG, .mark = SADDR, .excludes = 1 << DADDR,
	  .excluded_names = "--connlimit-daddr", .summary = "the source address (default)" },
	{ .name = "connlimit-daddr", .kind = OPTION_FLAG, .mark = DADDR, .excludes = 1 << SADDR,
	  .excluded_names = "--connlimit-saddr", .summary = "the destination address" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct connlimit_config *connlimit = config;

	if (!options_is_seen(&connlimit->marks, MASK))
		connlimit->prefix_len = place->family == FAMILY_IPV6 ? 128 : 32;
	return match_parts_need_option(config, 1 << UPTO | 1 << ABOVE, "connlimit needs --connlimit-upto or --connlimit-above",
				       place, diagnostics);
}

static bool is_destination(const struct connlimit_config *connlimit)
{
	return options_is_seen(&connlimit->marks, DADDR);
}

static bool is_above(const struct connlimit_config *connlimit)
{
	return options_is_seen(&connlimit->marks, ABOVE) != (connlimit->marks.inverted != 0);
}

static void destroy_lists(void *object)
{
	struct lists *lists = object;

	for (unsigned i = 0; i < N_SLOTS; i++) {
		while (lists->slots[i]) {
			struct key_list *list = lists->slots[i];

			lists->slots[i] = list->next;
			free(list->tuples);
			free(list);
		}
	}
	free(lists);
}

static void attach(const void *config, void *state, struct shared_states *shared)
{
	struct lists *lists = alloc_zeroed(1, sizeof(*lists));

	(void)config;
	shared_states_add(shared, "connlimit", NULL, lists, destroy_lists);
	((struct connlimit_state *)state)->lists = lists;
}

static struct key_list **find_list(struct lists *lists, const struct address *key, uint8_t family, uint16_t zone)
{
	uint32_t hash = (key->word[0] ^ key->word[1] ^ key->word[2] ^ key->word[3]) * UINT32_C(0x9e3779b1);
	struct key_list **link = &lists->slots[hash >> SLOT_SHIFT];

	while (*link && ((*link)->family != family || (*link)->zone != zone || !address_is_equal(&(*link)->key, key)))
		link = &(*link)->next;
	return link;
}

static void add_tuple(struct key_list *list, const struct tuple *tuple)
{
	if (list->n_tuples == list->capacity) {
		list->capacity = alloc_grown_capacity(list->capacity, list->n_tuples + 1);
		list->tuples = alloc_resize(list->tuples, list->capacity, sizeof(*list->tuples));
	}
	list->tuples[list->n_tuples++] = *tuple;
	list->n_added++;
}

/* Linux 6.18, already_closed(). */
static bool is_closed(const struct connection *connection)
{
	return connection->key.protocol == PROTOCOL_TCP && (connection->memory.tcp.state == TCP_STATE_TIME_WAIT ||
								 connection->memory.tcp.state == TCP_STATE_CLOSE);
}

/*
 * What is not in the table, or closed, is taken out: a few at a time. True when `own` was met (may be NULL): the kernel
 * looks no further then, so that what ended behind it stays.
 */
static bool clean(struct key_list *list, const struct subject *subject, const struct tuple *own)
{
	const struct connections *connections = subject->connections;
	size_t n_kept = 0, n_cleaned = 0, i;
	bool is_found = false;

	for (i = 0; i < list->n_tuples && n_cleaned <= CLEAN_MOST && !is_found; i++) {
		const struct connection *connection = connections->find(connections, &list->tuples[i]);

		is_found = connection && own && tuple_is_equal(&list->tuples[i], own);
		if (is_found || (connection && !is_closed(connection)))
			list->tuples[n_kept++] = list->tuples[i];
		else
			n_cleaned++;
	}
	memmove(&list->tuples[n_kept], &list->tuples[i], (list->n_tuples - i) * sizeof(*list->tuples));
	list->n_tuples -= n_cleaned;
	if (is_found)
		return true;
	list->last_clean = vtime_jiffies(subject->now, subject->hz);
	list->n_added = 0;
	return false;
}

/* The packet's connection as it is, or would be, in the original direction. */
static bool find_tuple(const struct subject *subject, struct tuple *tuple)
{
	const struct packet *packet = subject->packet;

	if (subject->tracking->connection) {
		*tuple = connection_tuple(subject->tracking->connection, DIRECTION_ORIGINAL);
		return true;
	}
	/* Linux 6.18, nf_ct_get_tuplepr(): where layer 4 begins must be known. */
	if (packet->l4_unreachable || packet->fragment_offset)
		return false;
	memset(tuple, 0, sizeof(*tuple));
	tuple->source = packet->source;
	tuple->destination = packet->destination;
	tuple->protocol = packet->protocol;
	tuple->family = packet->family;
	return tracker_find(packet->protocol, subject->profile)->packet_to_tuple(packet, tuple);
}

/* Linux 6.18, get_ct_or_tuple_from_skb(): an INVALID or untracked packet counts for the entry that has its tuple. */
static const struct connection *find_connection(const struct subject *subject, const struct tuple *tuple)
{
	const struct connection *connection = subject->tracking->connection;

	return connection ? connection : subject->connections->find(subject->connections, tuple);
}

static size_t count(struct key_list *list, const struct subject *subject, const struct tuple *tuple)
{
	const struct connection *connection = find_connection(subject, tuple);
	int64_t now = vtime_jiffies(subject->now, subject->hz);
	bool is_first = !connection || connection_is_unconfirmed(connection), has_cleaned = list->last_clean == now;

	if (connection && !is_first && (connection->status & STATUS_ASSURED)) {
		if (!has_cleaned)
			clean(list, subject, NULL);
		return list->n_tuples;
	}
	if ((!has_cleaned || !is_first || list->n_added >= CLEAN_MOST) && clean(list, subject, tuple))
		return list->n_tuples;
	add_tuple(list, tuple);	/* within one tick, even if it is there already */
	return list->n_tuples;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct connlimit_config *connlimit = config;
	const struct packet *packet = subject->packet;
	struct address key = is_destination(connlimit) ? packet->destination : packet->source;
	struct address mask = address_prefix_mask((enum family)packet->family, connlimit->prefix_len);
	struct key_list **list;
	struct tuple tuple;
	size_t n;

	if (!find_tuple(subject, &tuple))
		return MATCH_HOTDROP;
	for (unsigned i = 0; i < 4; i++)
		key.word[i] &= mask.word[i];
	list = find_list(((struct connlimit_state *)state)->lists, &key, packet->family, tuple.zone);
	if (!*list) {
		*list = alloc_zeroed(1, sizeof(**list));
		(*list)->key = key;
		(*list)->family = packet->family;
		(*list)->zone = tuple.zone;
		(*list)->last_clean = vtime_jiffies(subject->now, subject->hz);
		add_tuple(*list, &tuple);
		n = 1;
	} else {
		n = count(*list, subject, &tuple);
	}
	/* Linux 6.18, count_tree(): nobody is counted, and as long as it is so, every packet is dropped. */
	if (!n)
		return MATCH_HOTDROP;
	return (n > connlimit->limit) == is_above(connlimit) ? MATCH_YES : MATCH_NO;
}

static void print(const void *config, struct text *out)
{
	const struct connlimit_config *connlimit = config;

	text_printf(out, " --connlimit-%s %u --connlimit-mask %u --connlimit-%s", is_above(connlimit) ? "above" : "upto",
		    connlimit->limit, connlimit->prefix_len, is_destination(connlimit) ? "daddr" : "saddr");
}

static void list_words(const void *config, struct text *out)
{
	const struct connlimit_config *connlimit = config;

	text_printf(out, " #conn %s/%u %s %u", is_destination(connlimit) ? "dst" : "src", connlimit->prefix_len,
		    is_above(connlimit) ? ">" : "<=", connlimit->limit);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct connlimit_config *connlimit = config;

	(void)subject;
	text_printf(out, "connlimit: there are %s %u connections", is_above(connlimit) ? "not more than" : "more than",
		    connlimit->limit);
}

const struct match_type match_connlimit = {
	.name = "connlimit",
	.summary = "number of connections of an address",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct connlimit_config),
	.state_size = sizeof(struct connlimit_state),
	.check = check,
	.attach = attach,
	.eval = eval,
	.print = print,
	.list = list_words,
	.explain = explain,
	.hotdrop = "the packet counts for no connection of its address",
};
