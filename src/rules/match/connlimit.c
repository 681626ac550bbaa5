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

/* A connection as the packet was of it that came first. */
struct counted {
	struct tuple tuple;		/* in zone 0: */
	uint16_t zone[2];		/* [enum direction] */
};

struct key_list {
	struct key_list *next;
	struct address key;
	uint8_t family;
	uint16_t zone;
	struct counted *counted;	/* owned */
	size_t n_counted, capacity;
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
			free(list->counted);
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

static void add(struct key_list *list, const struct counted *counted)
{
	if (list->n_counted == list->capacity) {
		list->capacity = alloc_grown_capacity(list->capacity, list->n_counted + 1);
		list->counted = alloc_resize(list->counted, list->capacity, sizeof(*list->counted));
	}
	list->counted[list->n_counted++] = *counted;
	list->n_added++;
}

/* Linux 6.18, already_closed(). */
static bool is_closed(const struct connection *connection)
{
	return connection->key.protocol == PROTOCOL_TCP && (connection->memory.tcp.state == TCP_STATE_TIME_WAIT ||
								 connection->memory.tcp.state == TCP_STATE_CLOSE);
}

static const struct connection *find(const struct subject *subject, const struct counted *counted)
{
	return subject->connections->find(subject->connections, &counted->tuple, counted->zone);
}

/*
 * What is not in the table, or closed, is taken out: a few at a time. True when `own` was met (may be NULL): the kernel
 * looks no further then, so that what ended behind it stays. It is not met where its packet is in another zone than the
 * entry's original direction is: an answer, before tracking.
 */
static bool clean(struct key_list *list, const struct subject *subject, const struct counted *own)
{
	size_t n_kept = 0, n_cleaned = 0, i;
	bool is_found = false;

	for (i = 0; i < list->n_counted && n_cleaned <= CLEAN_MOST && !is_found; i++) {
		const struct connection *connection = find(subject, &list->counted[i]);

		is_found = connection && own && tuple_is_equal(&list->counted[i].tuple, &own->tuple) &&
			   connection->key.zone == own->zone[DIRECTION_ORIGINAL];
		if (is_found || (connection && !is_closed(connection)))
			list->counted[n_kept++] = list->counted[i];
		else
			n_cleaned++;
	}
	memmove(&list->counted[n_kept], &list->counted[i], (list->n_counted - i) * sizeof(*list->counted));
	list->n_counted -= n_cleaned;
	if (is_found)
		return true;
	list->last_clean = vtime_jiffies(subject->now, subject->hz);
	list->n_added = 0;
	return false;
}

static void count_entry(const struct connection *connection, struct counted *counted)
{
	for (int direction = 0; direction < 2; direction++)
		counted->zone[direction] = connection_tuple(connection, (enum direction)direction).zone;
	counted->tuple = connection_tuple(connection, DIRECTION_ORIGINAL);
	counted->tuple.zone = 0;
}

/* A packet without an entry, in the zone that -j CT in raw has given it. False: it is none that could have one. */
static bool count_packet(const struct subject *subject, struct counted *counted)
{
	const struct template *template = &subject->request.template;
	const struct packet *packet = subject->packet;

	/* Linux 6.18, nf_ct_get_tuplepr(): where layer 4 begins must be known. */
	if (packet->l4_unreachable || packet->fragment_offset)
		return false;
	memset(counted, 0, sizeof(*counted));
	for (int direction = 0; direction < 2 && subject_carries_template(subject); direction++)
		counted->zone[direction] = template->zones[direction] ? template->zone : 0;
	counted->tuple = (struct tuple){
		.source = packet->source, .destination = packet->destination,
		.protocol = packet->protocol, .family = packet->family,
	};
	return tracker_find(packet->protocol, subject->profile)->packet_to_tuple(packet, &counted->tuple);
}

static size_t count(struct key_list *list, const struct subject *subject, const struct counted *counted)
{
	/* Linux 6.18, get_ct_or_tuple_from_skb(): an INVALID or untracked packet counts for the entry that has its tuple. */
	const struct connection *connection = subject->tracking->connection ? subject->tracking->connection : find(subject, counted);
	int64_t now = vtime_jiffies(subject->now, subject->hz);
	bool is_first = !connection || connection_is_unconfirmed(connection), has_cleaned = list->last_clean == now;

	if (connection && !is_first && (connection->status & STATUS_ASSURED)) {
		if (!has_cleaned)
			clean(list, subject, NULL);
		return list->n_counted;
	}
	if ((!has_cleaned || !is_first || list->n_added >= CLEAN_MOST) && clean(list, subject, counted))
		return list->n_counted;
	add(list, counted);	/* within one tick, even if it is there already */
	return list->n_counted;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct connlimit_config *connlimit = config;
	const struct packet *packet = subject->packet;
	struct address key = is_destination(connlimit) ? packet->destination : packet->source;
	struct address mask = address_prefix_mask((enum family)packet->family, connlimit->prefix_len);
	const struct connection *connection = subject->tracking->connection;
	uint16_t zone = connection ? connection_zone(connection) : subject_carries_template(subject) ? subject->request.template.zone : 0;
	struct counted counted;
	struct key_list **list;
	size_t n;

	if (connection)
		count_entry(connection, &counted);
	else if (!count_packet(subject, &counted))
		return MATCH_HOTDROP;
	for (unsigned i = 0; i < 4; i++)
		key.word[i] &= mask.word[i];
	list = find_list(((struct connlimit_state *)state)->lists, &key, packet->family, zone);
	if (!*list) {
		*list = alloc_zeroed(1, sizeof(**list));
		(*list)->key = key;
		(*list)->family = packet->family;
		(*list)->zone = zone;
		(*list)->last_clean = vtime_jiffies(subject->now, subject->hz);
		add(*list, &counted);
		n = 1;
	} else {
		n = count(*list, subject, &counted);
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
