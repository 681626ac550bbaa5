/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/schedule.h"

#include <inttypes.h>
#include <stdarg.h>

#include "base/limits.h"
#include "base/text.h"
#include "event/stream.h"
#include "host/answer.h"
#include "host/walk.h"

static void load_ruleset(struct schedule *schedule, const struct ruleset *ruleset)
{
	schedule->ruleset = ruleset;
	schedule->is_tracking_asked_for[0] |= ruleset_needs_tracking(ruleset, FAMILY_IPV4);
	schedule->is_tracking_asked_for[1] |= ruleset_needs_tracking(ruleset, FAMILY_IPV6);
}

void schedule_init(struct schedule *schedule, struct walk *walk, const struct ruleset *ruleset,
		   const struct snapshot_plan *snapshots, const struct operator_plan *actions)
{
	*schedule = (struct schedule){
		.walk = walk, .snapshots = *snapshots, .actions = *actions, .next_every = snapshots->every,
		.most_every = limits_usual.listings, .most_passed = limits_usual.actions_passed,
	};
	load_ruleset(schedule, ruleset);
}

static void set_time(struct schedule *schedule, uint64_t packet, struct vtime time)
{
	schedule->walk->stream->packet = packet;
	schedule->walk->stream->time = time;
}

static void expire_datagram(struct walk *walk, struct vtime due)
{
	struct packet first;

	packet_init(&first);
	if (defrag_expire(walk->defrag, due, &first))
		answer_lost_pieces(walk, &first);
	packet_clear(&first);
}

/* Whatever ends until `now` does, in order of time. */
static void expire(struct schedule *schedule, struct vtime now)
{
	struct walk *walk = schedule->walk;
	struct vtime due;

	while (defrag_is_due(walk->defrag, now, &due)) {
		conntrack_expire(walk->conntrack, due);
		expire_datagram(walk, due);
	}
	conntrack_expire(walk->conntrack, now);
}

static void emit_snapshot(struct schedule *schedule, const char *label, struct vtime time)
{
	struct stream *stream = schedule->walk->stream;

	if (!stream_wants(stream, EVENT_SNAPSHOT) && !stream_wants(stream, EVENT_ENTRY) && !stream_wants(stream, EVENT_SET))
		return;
	set_time(schedule, 0, time);
	conntrack_emit_snapshot(schedule->walk->conntrack, label);
	if (stream_wants(stream, EVENT_SET))
		evaluation_emit_sets(schedule->walk->evaluation, time, stream);
}

static void print_seconds(struct vtime time, struct text *out)
{
	int64_t rest = time.ns % VTIME_NS_PER_SECOND;

	text_printf(out, "%" PRId64, time.ns / VTIME_NS_PER_SECOND);
	if (rest) {
		text_printf(out, ".%09" PRId64, rest);
		while (out->bytes[out->len - 1] == '0')
			out->bytes[--out->len] = '\0';
	}
}

static void snapshot_at(struct schedule *schedule, struct vtime time)
{
	struct text label;

	text_init(&label);
	text_append(&label, "at ");
	print_seconds(time, &label);
	text_append(&label, " s");
	set_time(schedule, 0, time);
	expire(schedule, time);
	emit_snapshot(schedule, text_string(&label), time);
	text_clear(&label);
}

static void warn(struct schedule *schedule, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void warn(struct schedule *schedule, const char *format, ...)
{
	struct event event = { .kind = EVENT_WARNING };
	struct text text;
	va_list args;

	text_init(&text);
	va_start(args, format);
	text_vprintf(&text, format, args);
	va_end(args);
	event.warning.text = text_string(&text);
	stream_emit(schedule->walk->stream, &event);
	text_clear(&text);
}

/* A capture of two packets can be a lifetime long. */
static void list_every(struct schedule *schedule)
{
	snapshot_at(schedule, schedule->next_every);
	schedule->next_every.ns += schedule->snapshots.every.ns;
	if (++schedule->n_every < schedule->most_every)
		return;
	warn(schedule, "limit listings: %" PRIu64 " were made at regular times, and no more are; --limit listings=N allows more",
	     schedule->n_every);
}

/* The listings that fall before `now`, in order of time. */
static void make_due_snapshots(struct schedule *schedule, struct vtime now)
{
	const struct snapshot_plan *plan = &schedule->snapshots;

	for (;;) {
		bool has_at = schedule->next_at < plan->n_at && vtime_is_before(plan->at[schedule->next_at], now);
		bool has_every = plan->every.ns > 0 && schedule->n_every < schedule->most_every && vtime_is_before(schedule->next_every, now);

		if (has_at && (!has_every || !vtime_is_before(schedule->next_every, plan->at[schedule->next_at]))) {
			snapshot_at(schedule, plan->at[schedule->next_at++]);
		} else if (has_every) {
			list_every(schedule);
		} else {
			return;
		}
	}
}

/* The next thing that the operator does, behind all that was due before it. */
static void act(struct schedule *schedule)
{
	const struct operator_plan *plan = &schedule->actions;
	const struct operator_action *action = &plan->actions[schedule->next_action++];

	if (schedule->n_passed > schedule->most_passed) {
		schedule->next_action = plan->n_actions;
		warn(schedule, "limit actions-passed: the actions before %s:%" PRIu32 " have looked at more than %" PRIu64
		     " entries, routes and rules, and no more are carried out; --limit actions-passed=N allows more",
		     action->file, action->line, schedule->most_passed);
		return;
	}
	make_due_snapshots(schedule, action->time);
	set_time(schedule, 0, action->time);
	expire(schedule, action->time);
	if (action->kind == OPERATOR_RELOAD)
		load_ruleset(schedule, action->ruleset);
	ways_forget(&schedule->walk->ways);
	operator_act(plan, action, schedule->walk, schedule->tracks_always, action->time);
	schedule->n_passed += operator_passed(plan, action, schedule->walk);
}

/* The operator is quicker than a packet of the same time. */
static void act_until(struct schedule *schedule, struct vtime now)
{
	const struct operator_plan *plan = &schedule->actions;

	while (schedule->next_action < plan->n_actions && !vtime_is_before(now, plan->actions[schedule->next_action].time))
		act(schedule);
}

void schedule_move(struct schedule *schedule, uint64_t packet, struct vtime time)
{
	if (schedule->actions.n_actions)
		act_until(schedule, time);
	if (schedule->snapshots.n_at || schedule->snapshots.every.ns)
		make_due_snapshots(schedule, time);
	schedule->now = time;
	set_time(schedule, packet, time);
	expire(schedule, time);
}

/* Whoever lists the table after a packet does so at least a jiffy later: that is why 30 s read as 29. */
static struct vtime one_jiffy_later(const struct schedule *schedule, struct vtime time)
{
	return (struct vtime){ .ns = time.ns + VTIME_NS_PER_SECOND / schedule->walk->hz };
}

void schedule_follow(struct schedule *schedule, const struct packet *packet)
{
	const struct snapshot_plan *plan = &schedule->snapshots;
	bool is_due = plan->after_each;
	struct text label;

	if (!plan->after_each && !plan->n_after_packets)
		return;
	while (schedule->next_after < plan->n_after_packets &&
	       plan->after_packets[schedule->next_after] <= packet->number) {
		is_due |= plan->after_packets[schedule->next_after] == packet->number;
		schedule->next_after++;
	}
	if (!is_due)
		return;
	text_init(&label);
	text_printf(&label, "after packet %" PRIu64, packet->number);
	emit_snapshot(schedule, text_string(&label), one_jiffy_later(schedule, packet->time));
	text_clear(&label);
}

void schedule_finish(struct schedule *schedule)
{
	while (schedule->next_action < schedule->actions.n_actions) {
		schedule->now = schedule->actions.actions[schedule->next_action].time;
		act(schedule);
	}
	while (schedule->next_at < schedule->snapshots.n_at)
		snapshot_at(schedule, schedule->snapshots.at[schedule->next_at++]);
	if (schedule->snapshots.at_end)
		emit_snapshot(schedule, "end", one_jiffy_later(schedule, schedule->now));
	set_time(schedule, 0, schedule->now);
}
