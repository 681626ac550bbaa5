/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Short ways through the rules say what the long one says: rulesets and flows are drawn at random, every packet goes through
 * two evaluations, of which one remembers the ways of connections, and everything is compared. Where tries are counted, the other one
 * tells of each rule that it tries, and these are counted here.
 */
#include "drawn_rules.h"

enum { N_RULESETS = 150, N_PACKETS = 2000, N_FLOWS = 24, MOST_RULES = 9 };

/* One flow and the two directions' numbers, as addresses and ports are drawn. */
static void make_flow(struct random *random, struct connection *connection)
{
	const struct tuple original = {
		.source = address_from_ipv4(0x0a000000u + draw(random, 5)), .destination = address_from_ipv4(0xc0a80000u + draw(random, 3)),
		.source_port = (uint16_t)(1000 + draw(random, 3)), .destination_port = (uint16_t)(draw(random, 2) ? 53 : 80),
		.protocol = draw(random, 2) ? PROTOCOL_UDP : PROTOCOL_TCP, .family = FAMILY_IPV4,
	};

	memset(connection, 0, sizeof(*connection));
	connection_set_original(connection, &original);
	connection->status = STATUS_CONFIRMED;
}

static void make_packet(struct random *random, const struct tuple *tuple, uint8_t *bytes, struct packet *packet)
{
	uint8_t len = (uint8_t)(40 + draw(random, 2) * 20);

	memset(bytes, 0, len);
	bytes[0] = 0x45;
	bytes[3] = len;
	bytes[8] = 64;
	bytes[9] = tuple->protocol;
	address_to_bytes(FAMILY_IPV4, &tuple->source, bytes + 12);
	address_to_bytes(FAMILY_IPV4, &tuple->destination, bytes + 16);
	bytes[20] = (uint8_t)(tuple->source_port >> 8);
	bytes[21] = (uint8_t)tuple->source_port;
	bytes[22] = (uint8_t)(tuple->destination_port >> 8);
	bytes[23] = (uint8_t)tuple->destination_port;
	bytes[tuple->protocol == PROTOCOL_TCP ? 32 : 25] = tuple->protocol == PROTOCOL_TCP ? 0x50 : (uint8_t)(len - 20);
	bytes[33] = draw(random, 2) ? TCP_SYN : TCP_ACK;
	decode_ip(packet, bytes, len, len);
	decode_accept_ip_checksum(packet);
}

/* How often the plain evaluation has told of each rule. */
struct tries {
	const struct program *program;
	uint64_t told[DRAWN_CHAINS * (MOST_RULES + 1) + HOOK_COUNT];
	uint32_t n_compared;
};

static uint64_t *told_of(struct tries *tries, const struct rule_place *rule)
{
	uint32_t i = 0;

	while (tries->program->rules[i].place != rule)
		ck_assert_uint_lt(++i, tries->program->n_rules);
	return &tries->told[i];
}

static void hear_try(void *tries, const struct event *event)
{
	++*told_of(tries, event->kind == EVENT_MISS ? event->miss.rule : event->rule.rule);
}

static void compare_tries(void *owner, const struct event *event)
{
	struct tries *tries = owner;

	ck_assert_uint_eq(event->counter.n_tried, *told_of(tries, event->counter.rule));
	tries->n_compared++;
}

/* What changes between packets of a flow, now and then. */
static void live_on(struct random *random, struct connection *connection)
{
	if (draw(random, 40) == 0)
		connection->status ^= draw(random, 2) ? STATUS_ASSURED : STATUS_SEEN_REPLY;
	if (draw(random, 60) == 0)
		connection->mark = draw(random, 2);
	connection->timer.deadline.ns += draw(random, 2) * 1000000000LL;
}

/* `told`: what the plain evaluation tells. */
static void send_packet(struct random *random, struct connection *connection, struct run *runs, int64_t now, struct stream *told)
{
	static const char *const interfaces[] = { "eth0", "eth0", "eth0", "wan" };
	enum direction direction = (enum direction)draw(random, 2);
	const char *in = PICK(random, interfaces), *out = PICK(random, interfaces);
	uint32_t mark = draw(random, 20) == 0;
	struct tracking tracking = {
		.connection = connection, .direction = direction,
		.ctstate = direction == DIRECTION_REPLY || connection->status & STATUS_SEEN_REPLY ? CTSTATE_ESTABLISHED : CTSTATE_NEW,
	};
	const struct tuple tuple = connection_tuple(connection, direction);
	struct packet packet;
	uint8_t bytes[64];

	packet_init(&packet);
	make_packet(random, &tuple, bytes, &packet);
	for (int i = 0; i < 2; i++) {
		runs[i].subject = (struct subject){
			.packet = &packet, .tracking = &tracking, .hook = HOOK_FORWARD, .in = in, .out = out, .mark = mark,
			.now = { now }, .hz = VTIME_DEFAULT_HZ,
			.stream = i ? NULL : told, .recall = i && recall_is_for(&packet, &tracking) ? &connection->way[direction] : NULL,
		};
		eval_trace_reset(&runs[i].trace);
		eval_table(runs[i].evaluation, TABLE_FILTER, &runs[i].subject, &runs[i].trace, &runs[i].result);
	}
	drawn_rules_compare(&runs[0], &runs[1]);
	packet_clear(&packet);
}

static uint32_t n_short_ways(const struct recall *recall)
{
	uint32_t n = 0;

	for (uint32_t i = 1; i <= recall->paths.n_records; i++)
		n += !((const struct recall_path *)interned_at(&recall->paths, i))->is_winding;
	return n;
}

START_TEST(a_way_that_is_remembered_is_the_way)
{
	static struct connection flows[N_FLOWS];
	struct run runs[2];
	struct random random;
	struct source source;
	struct text rules;
	struct ruleset *ruleset;
	struct tries tries;
	struct stream told, counted;
	bool counts_tries = _i % 2;

	random_init(&random, (uint64_t)_i);
	text_init(&rules);
	ruleset = drawn_rules_load(&random, false, MOST_RULES, &source, &rules);
	tries = (struct tries){ .program = &ruleset->programs[0][TABLE_FILTER] };
	ck_assert_uint_le(tries.program->n_rules, sizeof(tries.told) / sizeof(tries.told[0]));
	stream_init(&told);
	stream_init(&counted);
	if (counts_tries)
		ck_assert(stream_add(&told, EVENT_BIT(EVENT_MISS) | EVENT_BIT(EVENT_RULE), hear_try, &tries));
	ck_assert(stream_add(&counted, EVENT_BIT(EVENT_COUNTER), compare_tries, &tries));
	for (int i = 0; i < 2; i++) {
		runs[i].evaluation = evaluation_create(ruleset, VTIME_DEFAULT_HZ, 1, false);
		eval_trace_init(&runs[i].trace);
		if (i == 0)
			evaluation_go_plain(runs[i].evaluation);
		if (counts_tries)
			evaluation_count_tries(runs[i].evaluation);
	}
	for (int i = 0; i < N_FLOWS; i++)
		make_flow(&random, &flows[i]);
	for (int i = 0; i < N_PACKETS; i++) {
		struct connection *flow = &flows[draw(&random, N_FLOWS)];

		live_on(&random, flow);
		send_packet(&random, flow, runs, (int64_t)i * 1000000, &told);
		/* Another ruleset, as if: nothing that was remembered counts any more. */
		if (i == N_PACKETS / 2)
			recall_forget(&runs[1].evaluation->recall);
	}
	drawn_rules_compare_counters(runs, ruleset, false);
	for (int i = 0; i < 2 && counts_tries; i++)
		evaluation_emit_counters(runs[i].evaluation, &counted);
	ck_assert_int_eq(tries.n_compared > 0, counts_tries);
	ck_assert_uint_gt(runs[1].evaluation->recall.paths.n_records, 0);
	if (_i < 2)
		ck_assert_uint_gt(n_short_ways(&runs[1].evaluation->recall), 0);
	for (int i = 0; i < 2; i++) {
		evaluation_destroy(runs[i].evaluation);
		eval_trace_clear(&runs[i].trace);
	}
	ruleset_destroy(ruleset);
	source_clear(&source);
	text_clear(&rules);
}
END_TEST

/* Of the packets that carry a connection, those that are of it. */
START_TEST(only_packets_of_a_connection_go_its_way)
{
	struct connection connection = { .status = STATUS_CONFIRMED };
	struct packet packet = { .has_l4 = true };
	struct tracking tracking = { .connection = &connection, .ctstate = CTSTATE_ESTABLISHED };

	ck_assert(recall_is_for(&packet, &tracking));
	tracking.ctstate = CTSTATE_RELATED;
	ck_assert(!recall_is_for(&packet, &tracking));
	tracking.ctstate = CTSTATE_NEW;
	ck_assert(recall_is_for(&packet, &tracking));
	packet.has_l4 = false;
	ck_assert(!recall_is_for(&packet, &tracking));
	tracking.connection = NULL;
	ck_assert(!recall_is_for(&packet, &tracking));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rules/recall");
	TCase *cases = tcase_create("recall");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(cases, a_way_that_is_remembered_is_the_way, 0, N_RULESETS);
	tcase_add_test(cases, only_packets_of_a_connection_go_its_way);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
