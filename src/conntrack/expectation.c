/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/expectation.h"

#include <string.h>

#include "conntrack/help.h"
#include "conntrack/helper.h"
#include "conntrack/lifecycle.h"

void expectations_init(struct expectations *expectations)
{
	memset(expectations, 0, sizeof(*expectations));
	const size_t size = sizeof(struct expectation);

	store_init(&expectations->store, &size, 1);
}

void expectations_clear(struct expectations *expectations)
{
	store_clear(&expectations->store);
	memset(expectations, 0, sizeof(*expectations));
}

void expectation_init(struct expectation *wanted, struct connection *connection, uint8_t protocol,
		      const struct address *source, const struct address *destination, uint16_t destination_port)
{
	enum family family = (enum family)connection->key.family;

	memset(wanted, 0, sizeof(*wanted));
	wanted->master = connection;
	wanted->tuple = (struct tuple){
		.destination = *destination, .destination_port = destination_port,
		.protocol = protocol, .family = family,
		.zone = connection_zone(connection),
	};
	if (!source)
		return;
	wanted->tuple.source = *source;
	wanted->mask.source = address_prefix_mask(family, family == FAMILY_IPV6 ? 128 : 32);
}

void expectation_set_source_port(struct expectation *wanted, uint16_t port)
{
	wanted->tuple.source_port = port;
	wanted->mask.source_port = UINT16_MAX;
}

static struct expectation **chain_of(struct conntrack *conntrack, const struct tuple *tuple)
{
	uint32_t mixed = tuple->destination.word[0] ^ tuple->destination.word[3] ^ tuple->destination_port * 0x9e3779b9u;

	return &conntrack->expectations.chains[(mixed ^ mixed >> 8 ^ mixed >> 16 ^ mixed >> 24) % EXPECTATION_CHAINS];
}

static bool has_same_destination(const struct tuple *a, const struct tuple *b)
{
	return a->destination_port == b->destination_port && a->protocol == b->protocol && a->family == b->family &&
	       a->zone == b->zone && address_is_equal(&a->destination, &b->destination);
}

/* Do two sources agree where both masks ask? */
static bool has_same_source(const struct tuple *a, const struct tuple *b, const struct tuple *mask,
			    const struct tuple *other_mask)
{
	for (int i = 0; i < 4; i++)
		if ((a->source.word[i] ^ b->source.word[i]) & mask->source.word[i] & other_mask->source.word[i])
			return false;
	return !((a->source_port ^ b->source_port) & mask->source_port & other_mask->source_port);
}

/* Linux 6.18, nf_ct_exp_equal(). */
static bool is_of(const struct expectation *expectation, const struct tuple *tuple)
{
	return has_same_destination(&expectation->tuple, tuple) &&
	       has_same_source(&expectation->tuple, tuple, &expectation->mask, &expectation->mask);
}

static bool is_equal(const struct expectation *a, const struct expectation *b)
{
	return tuple_is_equal(&a->tuple, &b->tuple) && tuple_is_equal(&a->mask, &b->mask);
}

/* Linux 6.18, expect_clash(): there may be a packet that both wait for. */
static bool is_in_the_way(const struct expectation *a, const struct expectation *b)
{
	return has_same_destination(&a->tuple, &b->tuple) && has_same_source(&a->tuple, &b->tuple, &a->mask, &b->mask);
}

/* The one that `wanted` would replace, if any, in *equal. Linux 6.18, the loop of __nf_ct_expect_check(). */
static enum expectation_answer judge(struct conntrack *conntrack, const struct expectation *wanted, bool any_master,
				     struct expectation **equal)
{
	*equal = NULL;
	for (struct expectation *other = *chain_of(conntrack, &wanted->tuple); other; other = other->next_in_chain) {
		if ((any_master || other->master == wanted->master) && is_equal(other, wanted)) {
			if (other->class != wanted->class || other->master != wanted->master)
				return EXPECTATION_KNOWN;
			*equal = other;
			return EXPECTATION_ADDED;
		}
		if (is_in_the_way(other, wanted))
			return EXPECTATION_BUSY;
	}
	return EXPECTATION_ADDED;
}

/* Linux 6.18, evict_oldest_expect(). */
static void make_room(struct conntrack *conntrack, const struct expectation *wanted)
{
	const struct help *help = connection_extra(wanted->master)->help;
	const struct helper_class *class = helper_class(help->helper, wanted->class);
	struct expectation *oldest = NULL;

	if (!class || !class->max_expected || help->n_expecting[wanted->class] < class->max_expected)
		return;
	for (struct expectation *each = help->newest; each; each = each->older)
		if (each->class == wanted->class)
			oldest = each;
	if (oldest)
		expectation_remove(conntrack, oldest, EXPECTATION_REPLACED);
}

/* Linux 6.18, nf_ct_expect_event_report(): the master's mask, of enum ip_conntrack_expect_events. */
static bool is_told(const struct conntrack *conntrack, const struct expectation *expectation, enum expectation_end end)
{
	enum { EXPECT_NEW = 1 << 0, EXPECT_DESTROY = 1 << 1 };
	const struct connection_extra *extra = connection_extra(expectation->master);

	if (extra && extra->has_event_mask)
		return (extra->expectation_event_mask & (end == EXPECTATION_LIVES ? EXPECT_NEW : EXPECT_DESTROY)) != 0;
	return conntrack->settings.events != 0;
}

static void emit(struct conntrack *conntrack, const struct expectation *expectation, enum expectation_end end)
{
	struct event event = { .kind = EVENT_EXPECTATION };

	if (!stream_wants(conntrack->stream, EVENT_EXPECTATION) || !is_told(conntrack, expectation, end))
		return;
	event.expectation.end = end;
	expectation_view(conntrack, expectation, &event.expectation.expectation);
	stream_emit(conntrack->stream, &event);
}

/* Behind the entries that there are, before the next one. */
static uint64_t next_order(struct conntrack *conntrack)
{
	if (conntrack->n_ordered < (1u << CONNECTION_ORDER_BITS) - 1)
		conntrack->n_ordered++;
	return conntrack->n_created << CONNECTION_ORDER_BITS | conntrack->n_ordered;
}

static void file(struct conntrack *conntrack, struct expectation *expectation, struct vtime now)
{
	struct expectations *expectations = &conntrack->expectations;
	struct help *help = connection_extra(expectation->master)->help;
	struct expectation **chain = chain_of(conntrack, &expectation->tuple);
	const struct helper_class *class = helper_class(help->helper, expectation->class);

	expectation->id = ++expectations->n_created;
	expectations->n_live++;
	expectation->next_in_chain = *chain;
	*chain = expectation;
	expectation->older = help->newest;
	if (help->newest)
		help->newest->newer = expectation;
	help->newest = expectation;
	help->n_expecting[expectation->class]++;
	expectation->listed_before = expectations->newest;
	if (expectations->newest)
		expectations->newest->listed_after = expectation;
	else
		expectations->oldest = expectation;
	expectations->newest = expectation;
	expectation->timeout_seconds = class ? class->timeout_seconds : 0;
	expectation->timer.order = next_order(conntrack);
	timers_add(&conntrack->timers, &expectation->timer, vtime_add_seconds(now, expectation->timeout_seconds));
}

/* Makes room for one: what is equal goes, and the oldest of too many. Linux 6.18, __nf_ct_expect_check(). */
static enum expectation_answer make_way(struct conntrack *conntrack, const struct expectation *wanted, bool any_master)
{
	struct expectation *equal;
	enum expectation_answer answer = judge(conntrack, wanted, any_master, &equal);

	if (answer != EXPECTATION_ADDED)
		return answer;
	if (equal)
		expectation_remove(conntrack, equal, EXPECTATION_REPLACED);
	make_room(conntrack, wanted);
	return conntrack->expectations.n_live >= conntrack->settings.expect_max ? EXPECTATION_FULL : EXPECTATION_ADDED;
}

static void file_copy(struct conntrack *conntrack, const struct expectation *wanted, struct vtime now)
{
	uint32_t number;
	struct expectation *expectation = store_take(&conntrack->expectations.store, 0, &number);

	*expectation = *wanted;
	expectation->timer = (struct timer){ .number = number | LIFECYCLE_EXPECTATION };
	file(conntrack, expectation, now);
	emit(conntrack, expectation, EXPECTATION_LIVES);
}

enum expectation_answer expectation_add(struct conntrack *conntrack, const struct expectation *wanted, bool any_master,
					struct vtime now)
{
	enum expectation_answer answer = make_way(conntrack, wanted, any_master);

	if (answer == EXPECTATION_ADDED)
		file_copy(conntrack, wanted, now);
	return answer;
}

static enum expectation_answer add_one_by_one(struct conntrack *conntrack, const struct expectation *first,
					      const struct expectation *second, bool any_master, struct vtime now)
{
	enum expectation_answer answer = expectation_add(conntrack, first, any_master, now);

	if (answer != EXPECTATION_ADDED)
		return answer;
	answer = expectation_add(conntrack, second, any_master, now);
	if (answer != EXPECTATION_ADDED)
		expectation_remove(conntrack, expectation_find(conntrack, &first->tuple), EXPECTATION_WITHDRAWN);
	return answer;
}

enum expectation_answer expectation_add_pair(struct conntrack *conntrack, const struct expectation *first,
					     const struct expectation *second, bool any_master, struct vtime now)
{
	struct help *help = connection_extra(first->master)->help;
	enum expectation_answer answer;

	if (!profile_value(conntrack->settings.profile, PROFILE_FILES_PAIRS))
		return add_one_by_one(conntrack, first, second, any_master, now);
	answer = make_way(conntrack, first, any_master);
	if (answer != EXPECTATION_ADDED)
		return answer;
	/* The first one counts already while the second looks for room. */
	help->n_expecting[first->class]++;
	answer = make_way(conntrack, second, any_master);
	help->n_expecting[first->class]--;
	if (answer == EXPECTATION_ADDED) {
		file_copy(conntrack, first, now);
		file_copy(conntrack, second, now);
	}
	return answer;
}

struct expectation *expectation_find(struct conntrack *conntrack, const struct tuple *tuple)
{
	for (struct expectation *each = *chain_of(conntrack, tuple); each; each = each->next_in_chain)
		if (is_of(each, tuple))
			return each;
	return NULL;
}

struct expectation *expectation_meet(struct conntrack *conntrack, const struct tuple *tuple)
{
	for (struct expectation *each = *chain_of(conntrack, tuple); each; each = each->next_in_chain)
		if (!(each->flags & EXPECTATION_INACTIVE) && is_of(each, tuple))
			return each->master->status & STATUS_CONFIRMED ? each : NULL;
	return NULL;
}

static void take_out(struct conntrack *conntrack, struct expectation *expectation)
{
	struct expectations *expectations = &conntrack->expectations;
	struct help *help = connection_extra(expectation->master)->help;
	struct expectation **at = chain_of(conntrack, &expectation->tuple);

	while (*at != expectation)
		at = &(*at)->next_in_chain;
	*at = expectation->next_in_chain;
	if (expectation->newer)
		expectation->newer->older = expectation->older;
	else
		help->newest = expectation->older;
	if (expectation->older)
		expectation->older->newer = expectation->newer;
	if (expectation->listed_before)
		expectation->listed_before->listed_after = expectation->listed_after;
	else
		expectations->oldest = expectation->listed_after;
	if (expectation->listed_after)
		expectation->listed_after->listed_before = expectation->listed_before;
	else
		expectations->newest = expectation->listed_before;
	help->n_expecting[expectation->class]--;
	expectations->n_live--;
}

void expectation_remove(struct conntrack *conntrack, struct expectation *expectation, enum expectation_end end)
{
	uint32_t number = expectation->timer.number & ~LIFECYCLE_EXPECTATION;

	timers_remove(&conntrack->timers, &expectation->timer);
	take_out(conntrack, expectation);
	emit(conntrack, expectation, end);
	store_give(&conntrack->expectations.store, number);
}

void expectation_remove_all(struct conntrack *conntrack, struct connection *master, enum expectation_end end)
{
	struct help *help = master->is_extended ? connection_extra(master)->help : NULL;

	while (help && help->newest)
		expectation_remove(conntrack, help->newest, end);
}

void expectation_refresh(struct conntrack *conntrack, struct expectation *expectation, uint32_t timeout_seconds,
			 struct vtime now)
{
	expectation->timeout_seconds = timeout_seconds;
	timers_rearm(&conntrack->timers, &expectation->timer, vtime_add_seconds(now, timeout_seconds));
}

void expectation_view(const struct conntrack *conntrack, const struct expectation *expectation,
		      struct expectation_view *view)
{
	const struct connection *master = expectation->master;
	const struct helper *helper = connection_extra(master)->help->helper;
	const struct helper_class *class = helper_class(helper, expectation->class);

	*view = (struct expectation_view){
		.id = expectation->id,
		.master_id = connection_id(master),
		.tuple = expectation->tuple,
		.mask = expectation->mask,
		.master = connection_tuple(master, DIRECTION_ORIGINAL),
		.deadline = expectation->timer.deadline,
		.hz = conntrack->settings.hz,
		.timeout_seconds = expectation->timeout_seconds,
		.flags = expectation->flags,
		.class = expectation->class,
		.class_name = class ? class->name : "",
		.helper = helper ? helper->name : NULL,
	};
}

void expectation_emit_all(const struct conntrack *conntrack)
{
	struct event event = { .kind = EVENT_EXPECTATION_ENTRY };

	for (const struct expectation *each = conntrack->expectations.oldest; each; each = each->listed_after) {
		expectation_view(conntrack, each, &event.expectation_entry.expectation);
		stream_emit(conntrack->stream, &event);
	}
}
