/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/help.h"

#include "conntrack/lifecycle.h"
#include "conntrack/seqadj.h"

void help_assign(struct conntrack *conntrack, struct connection *connection, const struct helper *helper)
{
	struct connection_extra *extra = lifecycle_extra(conntrack, connection);

	if (!extra->help)
		extra->help = pool_take(&conntrack->helps);
	extra->help->helper = helper;
}

static void begin_expected(struct conntrack *conntrack, struct connection *connection, struct expectation *found,
			   struct vtime now)
{
	struct connection_extra *extra = lifecycle_extra(conntrack, connection);
	struct expectation met = *found;
	const struct helper *helper = help_helper(met.master);

	connection->status |= STATUS_EXPECTED;
	connection->mark = met.master->mark;
	extra->master_id = connection_id(met.master);
	extra->expected_by = helper;
	if (met.helper) {
		help_assign(conntrack, connection, met.helper);
		if (profile_value(conntrack->settings.profile, PROFILE_MARKS_EXPECTED_HELP))
			connection->status |= STATUS_HELPER;
	}
	if (!(met.flags & EXPECTATION_PERMANENT))
		expectation_remove(conntrack, found, EXPECTATION_MET);
	if (helper && helper->met)
		helper->met(conntrack, connection, &met);
	if (met.mapping != EXPECTATION_NOT_MAPPED && conntrack->outside)
		conntrack->outside->map_expected(conntrack->outside, connection, &met, now);
}

static const struct helper *helper_of_port(const struct connection *connection)
{
	const struct tuple reply = connection_tuple(connection, DIRECTION_REPLY);

	return helper_find_by_port(reply.source_port, reply.protocol, reply.family);
}

void help_begin(struct conntrack *conntrack, struct connection *connection, const struct helper *wanted,
		struct vtime now)
{
	struct expectation *met = NULL;

	if (conntrack->expectations.n_live) {
		const struct tuple original = connection_tuple(connection, DIRECTION_ORIGINAL);

		met = expectation_meet(conntrack, &original);
	}
	if (met) {
		begin_expected(conntrack, connection, met, now);
		return;
	}
	if (wanted) {
		connection->status |= STATUS_HELPER;
	} else if (conntrack->settings.helper) {
		wanted = helper_of_port(connection);
	}
	if (wanted)
		help_assign(conntrack, connection, wanted);
}

/* Linux 5.19, nf_conntrack_alter_reply(): the last version that looks for a helper by itself. */
void help_follow_port(struct conntrack *conntrack, struct connection *connection)
{
	const struct helper *old = help_helper(connection), *new;

	if (!conntrack->settings.helper || connection->status & (STATUS_HELPER | STATUS_EXPECTED))
		return;
	new = helper_of_port(connection);
	if (new != old)
		help_assign(conntrack, connection, old ? NULL : new);	/* what another helper remembers is of no use */
}

void help_end(struct conntrack *conntrack, struct connection *connection)
{
	const struct helper *helper = help_helper(connection);
	uint64_t master_id = connection_extra(connection)->master_id;

	if (helper && helper->end)
		helper->end(conntrack, connection);
	expectation_remove_all(conntrack, connection, EXPECTATION_ORPHANED);
	/* Linux 6.18, destroy_gre_conntrack(): one direction of a PPTP call takes the keys of both with it. */
	if (master_id && connection->key.protocol == PROTOCOL_GRE)
		gre_keys_forget(&conntrack->gre_keys, master_id);
}

const char *conntrack_help(struct conntrack *conntrack, struct packet *packet, enum packet_origin origin,
			   struct vtime now, struct tracking *tracking)
{
	struct connection *connection = tracking->connection;
	struct helping helping;
	bool has_adjustment;

	if (!connection || !connection->is_extended)
		return NULL;
	/* Linux 6.18, nf_confirm(): helpers do not expect ICMP errors, and what REJECT answers is like one. */
	if (tracking->ctstate == CTSTATE_RELATED && tracking->direction == DIRECTION_REPLY)
		return NULL;
	/* Of before the helper: what it changes in this very packet begins to count behind it. */
	has_adjustment = connection->status & STATUS_SEQ_ADJUST && origin != ORIGIN_LOOPED &&
			 packet->protocol == PROTOCOL_TCP;
	if (help_helper(connection)) {
		const char *problem;

		helping = (struct helping){
			.conntrack = conntrack, .connection = connection, .help = connection_extra(connection)->help,
			.packet = packet, .direction = tracking->direction, .ctstate = tracking->ctstate,
			.own = connection_tuple(connection, tracking->direction),
			.other = connection_tuple(connection, direction_other(tracking->direction)),
			.origin = origin, .now = now,
		};
		problem = helping.help->helper->help(&helping);
		tracking->is_payload_changed |= helping.is_payload_changed;
		if (problem)
			return problem;
	}
	if (has_adjustment && !seqadj_apply(connection, tracking->direction, packet))
		return "the TCP options cannot be adjusted with the sequence numbers";
	return NULL;
}
