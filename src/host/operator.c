/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/operator.h"

#include "host/stages.h"
#include "host/walk.h"

/* As `[USERSPACE] progname=` in the events. */
static const char conntrack_program[] = "conntrack";

void operator_prepare(const struct operator_plan *plan, struct walk *walk)
{
	for (size_t i = 0; i < plan->n_actions; i++) {
		if (plan->actions[i].kind != OPERATOR_LINK)
			continue;
		topology_set_link(plan->topology, plan->actions[i].interface, true);
		walk->remembers_masquerade = true;
	}
}

/* What is going to be done, and to how many entries. */
static void emit_action(const struct operator_action *action, struct stream *stream, const char *what, size_t n_entries)
{
	struct event event = { .kind = EVENT_ACTION };
	struct text words;

	if (!stream_wants(stream, EVENT_ACTION))
		return;
	text_init(&words);
	if (what)
		text_printf(&words, "%zu %s %s", n_entries, n_entries == 1 ? "entry" : "entries", what);
	event.action = (struct event_action){
		.text = action->text, .file = action->file, .line = action->line, .words = text_string(&words),
		.n_entries = n_entries,
	};
	stream_emit(stream, &event);
	text_clear(&words);
}

static void remove_entries(const struct operator_action *action, struct walk *walk, struct vtime now)
{
	emit_action(action, walk->stream, "deleted", operate_count(walk->conntrack, &action->filter));
	operate_remove(walk->conntrack, &action->filter, conntrack_program, now);
}

static void change_entries(const struct operator_action *action, struct walk *walk, struct vtime now)
{
	size_t n = operate_count_changed(walk->conntrack, &action->filter, &action->change, now);

	emit_action(action, walk->stream, "updated", n);
	operate_change(walk->conntrack, &action->filter, &action->change, conntrack_program, now);
}

static void map_side(struct binder *binder, struct connection *connection, enum nat_side side, const struct nat_range *range,
		     struct vtime now)
{
	if (range->flags)
		bind_range(binder, connection, side, range, now);
	else
		bind_null(binder, connection, side, now);
}

/* Linux 6.18, ctnetlink_setup_nat(): the destination first; both are decided as soon as one is asked for. */
static void map_entry(const struct operator_action *action, struct walk *walk, struct connection *connection, struct vtime now)
{
	struct binder binder = { .conntrack = walk->conntrack, .random = walk->binder.random };

	if (!action->source_nat.flags && !action->destination_nat.flags)
		return;
	map_side(&binder, connection, NAT_DESTINATION, &action->destination_nat, now);
	map_side(&binder, connection, NAT_SOURCE, &action->source_nat, now);
	walk->binder.random = binder.random;
	walk->binder.n_drawn += binder.n_drawn;
}

/* Told before it happens, as all that is done: whether there is room shows in its event. */
static void create_entry(const struct operator_action *action, struct walk *walk, struct vtime now)
{
	struct connection *connection;
	enum direction direction;
	const struct tuple original = operate_known_tuple(walk->conntrack, action->original);
	const struct tuple reply = operate_known_tuple(walk->conntrack, action->reply);
	bool is_there = conntrack_find(walk->conntrack, &original, &direction) != NULL;

	emit_action(action, walk->stream, is_there ? "created: there is one already" : "created", !is_there);
	connection = operate_begin(walk->conntrack, &original, &reply, now);
	if (!connection)
		return;
	map_entry(action, walk, connection, now);
	operate_finish(walk->conntrack, connection, &action->change, conntrack_program, now);
}

static void reload(const struct operator_action *action, struct walk *walk, bool tracks_always, struct vtime now)
{
	emit_action(action, walk->stream, NULL, 0);
	evaluation_replace(walk->evaluation, action->ruleset, action->keeps_counters, now);
	stages_init(walk, action->ruleset, tracks_always);
	/* Linux 6.18, connbytes_mt_check() */
	if (ruleset_has_match(action->ruleset, "connbytes"))
		operate_set(walk->conntrack, settings_find("net.netfilter.nf_conntrack_acct"), 1);
}

/* Linux 6.18, masq_device_event(): what was masqueraded by the address of a link that goes down ends. */
static void set_link(const struct operator_plan *plan, const struct operator_action *action, struct walk *walk,
		     struct vtime now)
{
	struct entry_filter filter = { .masqueraded_by = action->interface };

	topology_set_link(plan->topology, action->interface, action->is_up);
	if (action->is_up) {
		emit_action(action, walk->stream, NULL, 0);
		return;
	}
	emit_action(action, walk->stream, "masqueraded by its address", operate_count(walk->conntrack, &filter));
	operate_remove(walk->conntrack, &filter, NULL, now);
}

static void set_sysctl(const struct operator_action *action, struct walk *walk)
{
	emit_action(action, walk->stream, NULL, 0);
	operate_set(walk->conntrack, action->sysctl, action->value);
	defrag_set(walk->defrag, action->sysctl, action->value);
}

static size_t count_entries(const struct walk *walk)
{
	struct conntrack_counts counts;

	conntrack_count(walk->conntrack, &counts);
	return (size_t)counts.n_live;
}

size_t operator_passed(const struct operator_plan *plan, const struct operator_action *action, const struct walk *walk)
{
	struct ruleset_counts counts;

	switch (action->kind) {
	case OPERATOR_REMOVE:
	case OPERATOR_CHANGE:
		return count_entries(walk);
	case OPERATOR_LINK:
		return count_entries(walk) + plan->topology->n_routes;
	case OPERATOR_RELOAD:
		ruleset_count(action->ruleset, &counts);
		return counts.n_rules;
	default:
		return 0;
	}
}

void operator_act(const struct operator_plan *plan, const struct operator_action *action, struct walk *walk,
		  bool tracks_always, struct vtime now)
{
	switch (action->kind) {
	case OPERATOR_REMOVE:
		remove_entries(action, walk, now);
		break;
	case OPERATOR_CHANGE:
		change_entries(action, walk, now);
		break;
	case OPERATOR_CREATE:
		create_entry(action, walk, now);
		break;
	case OPERATOR_RELOAD:
		reload(action, walk, tracks_always, now);
		break;
	case OPERATOR_LINK:
		set_link(plan, action, walk, now);
		break;
	case OPERATOR_SYSCTL:
		set_sysctl(action, walk);
		break;
	}
}
