/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libctreplay through its header alone: packets that are pushed, what is said of mistakes, outputs to functions. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/ctreplay.h"

static const char rules[] = "*filter\n:INPUT DROP\n:OUTPUT ACCEPT\n-A INPUT -m state --state ESTABLISHED -j ACCEPT\nCOMMIT\n";
static const int64_t second = 1000000000, begin = INT64_C(1700000000) * 1000000000;

/* UDP from 10.0.0.1:1000 to 10.0.0.2:53, or its answer, without checksums of layer 4. */
static const uint8_t question[] = {
	0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0x66, 0xce, 10, 0, 0, 1, 10, 0, 0, 2, 0x03, 0xe8, 0, 53, 0, 8, 0, 0,
};
static const uint8_t answer[] = {
	0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0x66, 0xce, 10, 0, 0, 2, 10, 0, 0, 1, 0, 53, 0x03, 0xe8, 0, 8, 0, 0,
};

static struct ctreplay *open_host(void)
{
	struct ctreplay *replay = ctreplay_create();

	ck_assert(ctreplay_set(replay, "local", "10.0.0.1/24@eth0"));
	ck_assert(ctreplay_set_text(replay, "rules", "inline", rules, strlen(rules)));
	return replay;
}

static enum ctreplay_result push(struct ctreplay *replay, const uint8_t *bytes, int64_t unix_ns)
{
	struct ctreplay_frame frame = { .size = sizeof(frame), .bytes = bytes, .len = sizeof(question), .unix_ns = unix_ns };

	return ctreplay_push(replay, &frame);
}

START_TEST(test_pushed_packets)
{
	struct ctreplay *replay = open_host();
	const struct ctreplay_packet *packet;
	const struct ctreplay_entry *entry;
	const struct ctreplay_event *events;
	char room[100], address[CTREPLAY_ADDRESS_ROOM];
	size_t n;

	ck_assert(ctreplay_open_for_packets(replay, 101));
	ck_assert_ptr_null(ctreplay_packet(replay));
	ck_assert_int_eq(push(replay, question, begin), CTREPLAY_PACKET);
	packet = ctreplay_packet(replay);
	ck_assert_uint_eq(packet->number, 1);
	ck_assert_int_eq(packet->time_ns, 0);
	ck_assert(packet->unix_ns == begin);
	ck_assert_int_eq(packet->verdict, CTREPLAY_ACCEPT);
	ck_assert_int_eq(packet->ctstate, CTREPLAY_NEW);
	ck_assert_int_eq(packet->change, CTREPLAY_MADE);
	ck_assert_str_eq(packet->out, "eth0");
	ck_assert_uint_eq(packet->decided_by->number, 0);
	ck_assert_str_eq(packet->decided_by->text, "policy ACCEPT");
	ck_assert_uint_eq(ctreplay_describe(replay, room, sizeof(room)), strlen("UDP 10.0.0.1:1000 > 10.0.0.2:53 len 0"));
	ck_assert_str_eq(room, "UDP 10.0.0.1:1000 > 10.0.0.2:53 len 0");
	ck_assert_uint_eq(ctreplay_describe_briefly(replay, room, 4), strlen("UDP 10.0.0.1:1000 > 10.0.0.2:53 len 0"));
	ck_assert_str_eq(room, "UDP");
	events = ctreplay_events(replay, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(events[0].kind, CTREPLAY_EVENT_NEW);

	ck_assert_int_eq(push(replay, answer, begin + second), CTREPLAY_PACKET);
	ck_assert_int_eq(packet->ctstate, CTREPLAY_ESTABLISHED);
	ck_assert_int_eq(packet->direction, CTREPLAY_REPLY);
	ck_assert_uint_eq(packet->decided_by->number, 1);
	ck_assert_str_eq(packet->decided_by->file, "inline");
	ck_assert_uint_eq(packet->decided_by->line, 4);
	ck_assert_uint_eq(packet->n_matched, 1);
	entry = ctreplay_entries(replay, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(ctreplay_address_text(&entry->original.source, address), "10.0.0.1");
	ck_assert_uint_eq(entry->original.destination_port, 53);
	ck_assert_uint_eq(entry->seconds_left, 30);
	ck_assert(entry->status & CTREPLAY_STATUS_SEEN_REPLY);

	ck_assert_int_eq(ctreplay_wait(replay, begin + 40 * second), CTREPLAY_END);
	events = ctreplay_events(replay, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(events[0].kind, CTREPLAY_EVENT_DESTROY);
	ck_assert(events[0].has_expired && events[0].time_ns == 31 * second);
	(void)ctreplay_entries(replay, &n);
	ck_assert_uint_eq(n, 0);

	/* Time stands still rather than running back. */
	ck_assert_int_eq(push(replay, answer, begin + 20 * second), CTREPLAY_PACKET);
	ck_assert_int_eq(packet->verdict, CTREPLAY_DROP);
	ck_assert(packet->time_ns == 40 * second);
	ctreplay_destroy(replay);
}
END_TEST

START_TEST(test_counters_and_summary)
{
	struct ctreplay *replay = open_host();
	const struct ctreplay_counter *counters;
	const struct ctreplay_summary *summary;
	size_t n;

	ck_assert(ctreplay_open_for_packets(replay, 101));
	push(replay, question, begin);
	push(replay, answer, begin);
	for (int round = 0; round < 2; round++) {
		counters = ctreplay_counters(replay, &n);
		ck_assert_uint_eq(n, 4);	/* three policies, one rule */
		ck_assert_str_eq(counters[0].rule.chain, "INPUT");
		ck_assert_str_eq(counters[0].rule.text, "policy DROP");
		ck_assert_str_eq(counters[1].rule.text, "-A INPUT -m state --state ESTABLISHED -j ACCEPT");
		ck_assert_uint_eq(counters[1].n_packets, 1);
		ck_assert_uint_eq(counters[1].n_bytes, 28);
		ck_assert_ptr_eq(ctreplay_summary(replay), round ? summary : NULL);
		if (!round)
			ck_assert(ctreplay_finish(replay));
		summary = ctreplay_summary(replay);
		ck_assert_uint_eq(summary->n_packets, 2);
		ck_assert_uint_eq(summary->n_verdicts[CTREPLAY_ACCEPT], 2);
		ck_assert_uint_eq(summary->n_live, 1);
	}
	ck_assert_int_eq(push(replay, question, begin), CTREPLAY_ERROR);
	ck_assert_str_eq(ctreplay_message_text(replay), "ctreplay: error: it is finished\n");
	ck_assert(!ctreplay_finish(replay));
	ctreplay_destroy(replay);
}
END_TEST

START_TEST(test_mistakes_have_a_place)
{
	static const char wrong[] = "*filter\n-A INPUT -j ACEPT\nCOMMIT\n";
	struct ctreplay *replay = ctreplay_create();
	const struct ctreplay_message *messages;
	size_t n;

	ck_assert(!ctreplay_set(replay, "locl", "10.0.0.1"));
	ck_assert_str_eq(ctreplay_message_text(replay), "ctreplay: error: unknown option --locl; did you mean --local?\n");
	ck_assert(!ctreplay_set(replay, "local", NULL));
	ck_assert(!ctreplay_set(replay, "strict", "yes"));
	ck_assert(!ctreplay_set_text(replay, "sysctl", "inline", "", 0));
	ck_assert(!ctreplay_set_text(replay, "host", "host.json", "{", 1));
	messages = ctreplay_messages(replay, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(messages[0].file, "host.json");
	ck_assert(ctreplay_set(replay, "local", "10.0.0.1/24@eth0"));
	(void)ctreplay_messages(replay, &n);
	ck_assert_uint_eq(n, 0);

	ck_assert(ctreplay_set_text(replay, "4", "wrong.rules", wrong, strlen(wrong)));
	ck_assert(!ctreplay_open_for_packets(replay, 1));
	messages = ctreplay_messages(replay, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert(messages[0].is_error);
	ck_assert_str_eq(messages[0].file, "wrong.rules");
	ck_assert_uint_eq(messages[0].line, 2);
	ck_assert_uint_eq(messages[0].column, 13);
	ck_assert_str_eq(messages[0].hint, "did you mean ACCEPT?");
	ck_assert_ptr_nonnull(strstr(ctreplay_message_text(replay), "^~~~~"));
	ck_assert_int_eq(push(replay, question, begin), CTREPLAY_ERROR);
	ctreplay_destroy(replay);
}
END_TEST

START_TEST(test_wrong_order)
{
	struct ctreplay *replay = open_host();
	struct ctreplay_frame small = { .size = 8 };

	ck_assert_int_eq(ctreplay_step(replay), CTREPLAY_ERROR);
	ck_assert(!ctreplay_open(replay));	/* no capture */
	ck_assert(!ctreplay_set(replay, "seed", "2"));
	ctreplay_destroy(replay);

	replay = open_host();
	ck_assert(ctreplay_open_for_packets(replay, 101));
	ck_assert_int_eq(ctreplay_step(replay), CTREPLAY_ERROR);
	ck_assert_int_eq(ctreplay_push(replay, &small), CTREPLAY_ERROR);
	ck_assert_int_eq(push(replay, question, INT64_MIN), CTREPLAY_ERROR);
	ck_assert_int_eq(ctreplay_wait(replay, INT64_MAX), CTREPLAY_ERROR);
	ck_assert_int_eq(ctreplay_wait(replay, begin), CTREPLAY_END);	/* before the first packet nothing passes */
	ck_assert(ctreplay_finish(replay));
	ck_assert_ptr_null(ctreplay_summary(replay));
	ctreplay_destroy(replay);

	replay = ctreplay_create();
	ck_assert(ctreplay_set_text(replay, "rules", "inline", rules, strlen(rules)));
	ck_assert(!ctreplay_open_for_packets(replay, 101));	/* no host */
	ctreplay_destroy(replay);
	replay = open_host();
	ck_assert(!ctreplay_open_for_packets(replay, 189));	/* USB */
	ctreplay_destroy(replay);
	ctreplay_destroy(NULL);
}
END_TEST

struct gathered {
	char bytes[4096];
	size_t len;
	bool is_full;
};

static bool gather(void *owner, const char *bytes, size_t len)
{
	struct gathered *gathered = owner;

	if (gathered->is_full)
		return false;
	ck_assert_uint_lt(gathered->len + len, sizeof(gathered->bytes));
	memcpy(gathered->bytes + gathered->len, bytes, len);
	gathered->len += len;
	gathered->bytes[gathered->len] = '\0';
	return true;
}

START_TEST(test_output_to_a_function)
{
	static struct gathered events;
	struct ctreplay *replay = open_host();

	ck_assert(ctreplay_output(replay, "events", gather, &events));
	ck_assert(ctreplay_set(replay, "packets", "src host 10.0.0.1"));
	ck_assert(ctreplay_open_for_packets(replay, 101));
	push(replay, question, begin);
	ck_assert_str_eq(events.bytes, "    [NEW] udp      17 30 src=10.0.0.1 dst=10.0.0.2 sport=1000 dport=53 [UNREPLIED] "
				       "src=10.0.0.2 dst=10.0.0.1 sport=53 dport=1000\n");
	/* What is not shown is told to the caller, not to outputs. */
	events.len = 0;
	ck_assert_int_eq(push(replay, answer, begin), CTREPLAY_PACKET);
	ck_assert_uint_eq(events.len, 0);
	ck_assert_uint_eq(ctreplay_packet(replay)->number, 2);
	events.is_full = true;
	ck_assert_int_eq(ctreplay_wait(replay, begin + 60 * second), CTREPLAY_END);
	ck_assert_int_eq(push(replay, question, begin), CTREPLAY_ERROR);
	ck_assert(!ctreplay_finish(replay));
	ctreplay_destroy(replay);

	replay = open_host();
	ck_assert(ctreplay_output(replay, "jsn", gather, &events));
	ck_assert(ctreplay_open_for_packets(replay, 101));
	ck_assert_int_eq(push(replay, question, begin), CTREPLAY_ERROR);
	ck_assert_str_eq(ctreplay_message_text(replay), "ctreplay: error: jsn: unknown format \"jsn\"; did you mean json?\n");
	ctreplay_destroy(replay);
}
END_TEST

/* captures/dns-timeout.pcap: of nine packets the 3rd, the 4th and the last are dropped, answers to nobody. */
static struct ctreplay *read_capture(void)
{
	const char *source = getenv("srcdir") ? getenv("srcdir") : ".";
	struct ctreplay *replay = ctreplay_create();
	char path[4096];

	snprintf(path, sizeof(path), "%s/captures/dns-timeout.pcap", source);
	ck_assert(ctreplay_set(replay, "read", path));
	return replay;
}

static struct ctreplay *open_capture(void)
{
	struct ctreplay *replay = read_capture();

	ck_assert(ctreplay_set_text(replay, "rules", "inline", rules, strlen(rules)));
	return replay;
}

START_TEST(test_run_and_step_take_turns)
{
	struct ctreplay *replay = open_capture();
	const struct ctreplay_counter *counters;
	size_t n;

	ck_assert_int_eq(ctreplay_run(replay, 1), CTREPLAY_ERROR);
	ck_assert_int_eq(ctreplay_failure(replay), CTREPLAY_BAD_INPUT);
	ck_assert(ctreplay_set(replay, "packet", "2-"));
	ck_assert_int_eq(ctreplay_failure(replay), CTREPLAY_NO_FAILURE);
	ck_assert(!ctreplay_set(replay, "packet", "0"));
	ck_assert(ctreplay_open(replay));
	counters = ctreplay_counters(replay, &n);
	ck_assert_uint_eq(n, 4);
	ck_assert_uint_eq(counters[1].n_packets, 0);
	ck_assert_int_eq(ctreplay_step(replay), CTREPLAY_PACKET);
	ck_assert_uint_eq(ctreplay_packet(replay)->number, 1);
	ck_assert_int_eq(ctreplay_run(replay, 1), CTREPLAY_PACKET);
	ck_assert_ptr_null(ctreplay_packet(replay));
	(void)ctreplay_events(replay, &n);
	ck_assert_uint_eq(n, 0);
	(void)ctreplay_entries(replay, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(ctreplay_counters(replay, &n)[1].n_packets, 1);
	ck_assert_int_eq(ctreplay_step(replay), CTREPLAY_PACKET);
	ck_assert_uint_eq(ctreplay_packet(replay)->number, 3);
	ck_assert_int_eq(ctreplay_packet(replay)->verdict, CTREPLAY_DROP);
	ck_assert_int_eq(ctreplay_run(replay, UINT64_MAX), CTREPLAY_END);
	ck_assert(ctreplay_finish(replay));
	ck_assert_uint_eq(ctreplay_summary(replay)->n_read, 9);
	ck_assert_uint_eq(ctreplay_summary(replay)->n_shown, 8);
	ctreplay_destroy(replay);
}
END_TEST

/* A packet that was looked at first fares as any other, and what time brings before it is there to be seen. */
START_TEST(test_look_first)
{
	struct ctreplay *looking = open_capture(), *stepping = open_capture();
	const struct ctreplay_arrival *arrival;
	char room[2][100];
	size_t n[2];

	ck_assert_int_eq(ctreplay_link_type(looking), -1);
	ck_assert_int_eq(ctreplay_look(looking), CTREPLAY_ERROR);
	ck_assert(ctreplay_open(looking) && ctreplay_open(stepping));
	ck_assert_int_eq(ctreplay_link_type(looking), 1);
	ck_assert_ptr_null(ctreplay_arrival(looking));
	for (uint64_t number = 1; number <= 9; number++) {
		ck_assert_int_eq(ctreplay_look(looking), CTREPLAY_PACKET);
		ck_assert_int_eq(ctreplay_look(looking), CTREPLAY_PACKET);
		arrival = ctreplay_arrival(looking);
		ck_assert_uint_eq(arrival->number, number);
		ck_assert_uint_eq(arrival->len, arrival->original_len);
		ck_assert(!arrival->was_turned_back && *arrival->interface && arrival->way != CTREPLAY_UNKNOWN_WAY);
		if (ctreplay_packet(looking))
			ck_assert_uint_eq(ctreplay_packet(looking)->number, number - 1);
		ck_assert_int_eq(ctreplay_step(looking), CTREPLAY_PACKET);
		ck_assert_ptr_null(ctreplay_arrival(looking));
		ck_assert_int_eq(ctreplay_step(stepping), CTREPLAY_PACKET);
		ck_assert_uint_eq(ctreplay_packet(looking)->number, number);
		ck_assert_int_eq(ctreplay_packet(looking)->verdict, ctreplay_packet(stepping)->verdict);
		ck_assert(ctreplay_packet(looking)->time_ns == ctreplay_packet(stepping)->time_ns);
		(void)ctreplay_events(looking, &n[0]);
		(void)ctreplay_events(stepping, &n[1]);
		ck_assert_uint_eq(n[0], n[1]);
		(void)ctreplay_describe(looking, room[0], sizeof(room[0]));
		(void)ctreplay_describe(stepping, room[1], sizeof(room[1]));
		ck_assert_str_eq(room[0], room[1]);
	}
	ck_assert_int_eq(ctreplay_look(looking), CTREPLAY_END);
	ctreplay_destroy(looking);
	ctreplay_destroy(stepping);
}
END_TEST

/* One that waits is the first that is run, and none when the replay is finished. */
START_TEST(test_look_and_run)
{
	struct ctreplay *replay = open_capture();

	ck_assert(ctreplay_open(replay));
	ck_assert_int_eq(ctreplay_look(replay), CTREPLAY_PACKET);
	ck_assert_int_eq(ctreplay_run(replay, 2), CTREPLAY_PACKET);
	ck_assert_int_eq(ctreplay_look(replay), CTREPLAY_PACKET);
	ck_assert_uint_eq(ctreplay_arrival(replay)->number, 3);
	ck_assert(ctreplay_finish(replay));
	ck_assert_ptr_null(ctreplay_arrival(replay));
	ck_assert_uint_eq(ctreplay_summary(replay)->n_packets, 2);
	ctreplay_destroy(replay);
}
END_TEST

static const char *fact(struct ctreplay *replay, enum ctreplay_fact which)
{
	return ctreplay_account(replay)->facts[which];
}

START_TEST(test_account)
{
	struct ctreplay *replay = open_host();
	const struct ctreplay_account *account;
	const struct ctreplay_listing *listings;
	size_t n;

	ck_assert_ptr_null(ctreplay_account(replay));
	ck_assert(ctreplay_keep_account(replay) && ctreplay_set(replay, "snapshot", "packet=2"));
	ck_assert(ctreplay_open_for_packets(replay, 101));
	ck_assert(!ctreplay_keep_account(replay));
	push(replay, question, begin);
	ck_assert_str_eq(fact(replay, CTREPLAY_FACT_PATH), "OUTPUT POSTROUTING");
	ck_assert_str_eq(fact(replay, CTREPLAY_FACT_CTSTATE), "NEW original");
	ck_assert_str_eq(fact(replay, CTREPLAY_FACT_DECISION), "filter OUTPUT policy");
	ck_assert_str_eq(fact(replay, CTREPLAY_FACT_RULES), "");
	account = ctreplay_account(replay);
	ck_assert_str_eq(account->summary, "UDP 10.0.0.1:1000 > 10.0.0.2:53 len 0");
	ck_assert_uint_eq(account->n_events, 1);
	ck_assert_uint_eq(account->events[0].entry, 1);
	ck_assert_str_eq(account->events[0].text, account->facts[CTREPLAY_FACT_EVENTS]);
	ck_assert(account->n_touched >= 1 && account->touched[0] == 1);
	ck_assert(!account->was_drawn && !account->has_spoken_before);
	ck_assert_uint_eq(account->n_met, 0);
	ck_assert_ptr_null(ctreplay_listings(replay, &n));

	push(replay, answer, begin);
	account = ctreplay_account(replay);
	ck_assert_str_eq(account->facts[CTREPLAY_FACT_RULES], "filter INPUT 1");
	ck_assert_str_eq(account->story, "filter INPUT 1 inline:4 matched: -A INPUT -m state --state ESTABLISHED -j ACCEPT\n");
	ck_assert(account->n_met == 1 && account->met[0].rule.number == 1 && !account->met[0].failed);
	listings = ctreplay_listings(replay, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(listings[0].label, "after packet 2");
	ck_assert_uint_eq(listings[0].n_rows, 1);
	ck_assert_uint_eq(listings[0].rows[0].entry, 1);
	ck_assert_uint_eq(listings[0].n_set_lines, 0);

	ck_assert_int_eq(ctreplay_wait(replay, begin + 40 * second), CTREPLAY_END);
	account = ctreplay_account(replay);
	ck_assert_int_eq(strncmp(account->facts[CTREPLAY_FACT_EVENTS], "expired at 30.", 14), 0);
	ck_assert_uint_eq(account->n_changed_before, 0);
	push(replay, answer, begin + 40 * second);
	account = ctreplay_account(replay);
	ck_assert(account->n_met == 1 && strstr(account->met[0].failed, "--state"));
	ck_assert_str_eq(ctreplay_fact_name(CTREPLAY_FACT_DECISION), "decided by");
	ctreplay_destroy(replay);
}
END_TEST

static const struct ctreplay_setting *find_setting(const struct ctreplay_setting *settings, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(settings[i].name, name) == 0)
			return &settings[i];
	ck_abort_msg("no setting %s", name);
	return NULL;
}

START_TEST(test_machine)
{
	static const char sets[] = "create known hash:ip family inet\nadd known 192.0.2.1\n";
	struct ctreplay *replay = open_host();
	const struct ctreplay_machine *machine;
	const struct ctreplay_setting *setting;
	const struct ctreplay_interface *interface;
	const struct ctreplay_route *route = NULL;

	ck_assert(ctreplay_set(replay, "route", "192.0.2.0/24@eth0,via=10.0.0.254"));
	ck_assert(ctreplay_set(replay, "sysctl", "net.netfilter.nf_conntrack_udp_timeout=5"));
	ck_assert(ctreplay_set(replay, "sysctl", "net.ipv4.conf.eth0.rp_filter=1"));
	ck_assert(ctreplay_set_text(replay, "ipset", "sets", sets, strlen(sets)));
	ck_assert_ptr_null(ctreplay_machine(replay));
	ck_assert_ptr_null(ctreplay_loaded(replay, "4"));
	ck_assert(ctreplay_open_for_packets(replay, 101));
	ck_assert_ptr_null(ctreplay_machine(replay));
	push(replay, question, begin);
	machine = ctreplay_machine(replay);
	ck_assert_ptr_eq(ctreplay_machine(replay), machine);
	ck_assert_str_eq(machine->kernel, "6.18");
	ck_assert(machine->hz == 250 && machine->tracks[0] && machine->tracks[1] && !machine->tracks_dccp && !machine->captured_on);
	ck_assert(!machine->is_empty && machine->origin_unix_ns == begin && machine->n_tables == 1);
	ck_assert_str_eq(machine->tables[0], "ipv4 filter");
	ck_assert_uint_eq(machine->n_interfaces, 2);
	interface = &machine->interfaces[1];
	ck_assert_str_eq(interface->name, "eth0");
	ck_assert_uint_eq(find_setting(interface->settings, interface->n_settings, "rp_filter")->value, 1);
	ck_assert_uint_eq(machine->n_addresses, 1);
	ck_assert(machine->addresses[0].subnet.len == 24 && machine->addresses[0].subnet.address.bytes[3] == 1);
	ck_assert(machine->addresses[0].broadcast.family == 4 && machine->addresses[0].broadcast.bytes[3] == 255);
	for (size_t i = 0; i < machine->n_routes; i++)
		if (machine->routes[i].via.family)
			route = &machine->routes[i];
	ck_assert(route && route->type == CTREPLAY_ROUTE_UNICAST && route->table == 254 && route->destination.len == 24);
	ck_assert(route->via.bytes[3] == 254 && route->source.family == 0 && !route->is_further_hop);
	ck_assert_uint_eq(machine->n_rules, 0);
	ck_assert_uint_eq(machine->n_groups, 0);
	setting = find_setting(machine->settings, machine->n_settings, "net.netfilter.nf_conntrack_udp_timeout");
	ck_assert(setting->value == 5 && setting->default_value == 30);
	ck_assert_ptr_nonnull(strstr(ctreplay_loaded(replay, "4"), "-A INPUT -m state --state ESTABLISHED -j ACCEPT\n"));
	ck_assert_ptr_null(ctreplay_loaded(replay, "6"));
	ck_assert_ptr_nonnull(strstr(ctreplay_loaded(replay, "ipset"), "add known 192.0.2.1\n"));
	ck_assert_ptr_null(ctreplay_loaded(replay, "timeouts"));
	ck_assert_ptr_null(ctreplay_loaded(replay, "host"));
	ctreplay_destroy(replay);
}
END_TEST

START_TEST(test_chains)
{
	static const char text[] = "*filter\n:INPUT DROP [0:0]\n:LOGGED - [0:0]\n-A INPUT -j LOGGED\n-A LOGGED   -j ACCEPT\nCOMMIT\n";
	struct ctreplay *replay = ctreplay_create();
	const struct ctreplay_chain *chains;
	const struct ctreplay_listed_rule *rule;
	size_t n, n_again;

	(void)ctreplay_chains(replay, &n);
	ck_assert_uint_eq(n, 0);
	ck_assert(ctreplay_set(replay, "local", "10.0.0.1/24@eth0") && ctreplay_set_text(replay, "4", "inline", text, strlen(text)));
	ck_assert(ctreplay_open_for_packets(replay, 101));
	chains = ctreplay_chains(replay, &n);
	ck_assert_uint_eq(n, 4);
	ck_assert_str_eq(chains[0].chain, "INPUT");
	ck_assert_str_eq(chains[0].policy, "DROP");
	ck_assert(chains[0].policy_rule && chains[0].policy_rule->line == 2 && !chains[1].policy_rule);
	ck_assert_str_eq(chains[1].policy, "ACCEPT");
	ck_assert_str_eq(chains[3].chain, "LOGGED");
	ck_assert(!chains[3].policy && chains[3].n_references == 1 && chains[3].n_rules == 1);
	rule = chains[3].rules;
	ck_assert_str_eq(rule->rule.text, "-A LOGGED -j ACCEPT");
	ck_assert_uint_eq(rule->written_len, strlen("-A LOGGED   -j ACCEPT"));
	ck_assert_int_eq(strncmp(rule->written, "-A LOGGED   -j ACCEPT", rule->written_len), 0);
	ck_assert_int_eq(strncmp(rule->listing, "ACCEPT ", 7), 0);
	ck_assert(ctreplay_chains(replay, &n_again) == chains && n_again == n);
	ctreplay_destroy(replay);
}
END_TEST

START_TEST(test_interrupted)
{
	static struct gathered text;
	struct ctreplay *replay = open_capture();

	ck_assert(ctreplay_output(replay, "text", gather, &text));
	ck_assert(ctreplay_open(replay));
	ck_assert_int_eq(ctreplay_run(replay, 1), CTREPLAY_PACKET);
	ctreplay_interrupt(replay);
	ck_assert_int_eq(ctreplay_run(replay, 1), CTREPLAY_END);
	ck_assert_int_eq(ctreplay_step(replay), CTREPLAY_END);
	ck_assert(ctreplay_finish(replay));
	ck_assert_uint_eq(ctreplay_summary(replay)->n_packets, 1);
	ck_assert_ptr_nonnull(strstr(text.bytes, "interrupted: packets behind packet 1 were not replayed"));
	ctreplay_destroy(replay);
}
END_TEST

/* Replays it to a screen; what stands on it then, without what follows the first line. */
static void show(const char *view, const char *out, char line[200])
{
	struct ctreplay_screen screen = { .size = sizeof(screen), .file = tmpfile(), .view = view };
	struct ctreplay *replay = open_capture();

	ck_assert_ptr_nonnull(screen.file);
	ck_assert(!out || ctreplay_set(replay, "out", out));
	ck_assert(ctreplay_show(replay, &screen));
	ck_assert(ctreplay_open(replay));
	ck_assert(ctreplay_finish(replay));
	rewind(screen.file);
	line[0] = '\0';
	(void)!fgets(line, 200, screen.file);
	fclose(screen.file);
	ctreplay_destroy(replay);
}

START_TEST(test_screen)
{
	struct ctreplay_screen screen = { .size = 8, .file = stdout };
	struct ctreplay *replay = open_capture();
	char line[200];

	ck_assert(!ctreplay_show(replay, &screen));
	screen.size = sizeof(screen);
	screen.view = "txt";
	ck_assert(ctreplay_show(replay, &screen));
	ck_assert(!ctreplay_open(replay));
	ck_assert_str_eq(ctreplay_message_text(replay), "ctreplay: error: txt: unknown format \"txt\"; did you mean text?\n");
	ctreplay_destroy(replay);
	show(NULL, NULL, line);
	ck_assert_str_eq(line, "");
	show("counters", NULL, line);
	ck_assert_ptr_nonnull(strstr(line, "iptables-save"));
	show("counters", "csv=-", line);	/* the view goes where nothing else does */
	ck_assert_ptr_nonnull(strstr(line, "number,time,"));
}
END_TEST

START_TEST(test_what_failed)
{
	struct ctreplay_screen screen = { .size = sizeof(screen), .file = fopen("/dev/full", "w"), .view = "text" };
	struct ctreplay *replay = open_capture();

	ck_assert(ctreplay_set(replay, "out", "csv=no/such/folder"));
	ck_assert(!ctreplay_open(replay));
	ck_assert_int_eq(ctreplay_failure(replay), CTREPLAY_SYSTEM_FAILED);
	ctreplay_destroy(replay);
	if (!screen.file)
		return;		/* not every system has it */
	replay = open_capture();
	ck_assert(ctreplay_show(replay, &screen));
	ck_assert(ctreplay_open(replay));
	ck_assert(!ctreplay_finish(replay));
	ck_assert_int_eq(ctreplay_failure(replay), CTREPLAY_SYSTEM_FAILED);
	ck_assert_ptr_nonnull(strstr(ctreplay_message_text(replay), "standard output: "));
	ctreplay_destroy(replay);
	fclose(screen.file);
}
END_TEST

START_TEST(test_borrowed_rules)
{
	struct ctreplay *owner = open_capture(), *replay = read_capture();

	ck_assert(!ctreplay_borrow_rules(replay, owner));	/* it is not open yet */
	ck_assert(ctreplay_open(owner));
	ck_assert(ctreplay_borrow_rules(replay, owner));
	ck_assert(ctreplay_open(replay));
	for (int i = 0; i < 9; i++) {
		ck_assert_int_eq(ctreplay_step(owner), CTREPLAY_PACKET);
		ck_assert_int_eq(ctreplay_step(replay), CTREPLAY_PACKET);
		ck_assert_ptr_eq(ctreplay_packet(owner)->decided_by->text, ctreplay_packet(replay)->decided_by->text);
	}
	ctreplay_destroy(replay);
	ck_assert_int_eq(ctreplay_step(owner), CTREPLAY_END);
	ctreplay_destroy(owner);
}
END_TEST

START_TEST(test_coverage)
{
	static const char dead[] = "*filter\n:INPUT DROP\n-A INPUT -p udp -j ACCEPT\n-A INPUT -p udp --dport 53 -j ACCEPT\n"
				   "-A INPUT -p tcp -j ACCEPT\n:nobody - [0:0]\nCOMMIT\n";
	struct ctreplay *first = read_capture(), *next = read_capture();
	const struct ctreplay_coverage *coverage;
	const struct ctreplay_covered_rule *rules_of_it;
	const struct ctreplay_source *sources;
	size_t n;

	ck_assert(ctreplay_set_text(first, "rules", "inline", dead, strlen(dead)));
	ck_assert(!ctreplay_cover(next, first));	/* it does not count */
	ck_assert(ctreplay_cover(first, NULL));
	ck_assert(!ctreplay_cover(first, NULL));
	ck_assert(!ctreplay_cover(next, first));	/* they have no rules in common */
	ck_assert_ptr_null(ctreplay_coverage(first));
	ck_assert(ctreplay_open(first));
	sources = ctreplay_sources(first, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(sources[0].name, "inline");
	ck_assert_str_eq(sources[0].text, dead);
	ck_assert(ctreplay_borrow_rules(next, first));
	ck_assert(ctreplay_cover(next, first));
	ck_assert(ctreplay_finish(first));	/* no packet */
	ck_assert(ctreplay_open(next));
	(void)ctreplay_sources(next, &n);
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(ctreplay_run(next, UINT64_MAX), CTREPLAY_END);
	ck_assert(ctreplay_finish(next));
	ck_assert_ptr_null(ctreplay_coverage(next));
	ctreplay_destroy(next);

	coverage = ctreplay_coverage(first);
	ck_assert_uint_eq(coverage->n_captures, 2);
	ck_assert_uint_eq(coverage->n_packets, 9);
	ck_assert(!coverage->is_partial);
	ck_assert_uint_eq(coverage->n_rules, 3);
	rules_of_it = coverage->rules;
	ck_assert_int_eq(rules_of_it[0].covering, CTREPLAY_RULE_MATCHED);
	ck_assert_uint_eq(rules_of_it[0].first_capture, 2);
	ck_assert_uint_gt(rules_of_it[0].first, 0);
	ck_assert_int_eq(rules_of_it[1].covering, CTREPLAY_RULE_USELESS);
	ck_assert_int_eq(rules_of_it[1].finding, CTREPLAY_SHADOWED);
	ck_assert_uint_eq(rules_of_it[1].n_by, 1);
	ck_assert_uint_eq(rules_of_it[1].by[0].number, 1);
	ck_assert_int_eq(rules_of_it[2].covering, CTREPLAY_RULE_UNREACHED);
	ck_assert_str_eq(rules_of_it[2].finding_text, "");
	ck_assert_uint_eq(coverage->n_chains, 4);
	ck_assert_ptr_null(coverage->chains[3].policy);
	ck_assert_uint_eq(coverage->chains[0].n_entered, rules_of_it[0].n_tried);
	ctreplay_destroy(first);
}
END_TEST

struct differences { uint64_t n, n_most, last; uint32_t flow, kinds; char words[200]; const struct ctreplay *first; };

static bool note_difference(void *owner, const struct ctreplay_difference *difference)
{
	struct differences *differences = owner;

	differences->last = difference->number;
	differences->flow = difference->flow;
	differences->kinds = difference->kinds;
	ck_assert_uint_eq(difference->outcomes[0].decided_by->number, 0);
	ck_assert_int_eq(difference->outcomes[1].verdict, CTREPLAY_ACCEPT);
	ck_assert_str_eq(difference->outcomes[1].sent, "");
	ctreplay_describe(differences->first, differences->words, sizeof(differences->words));
	return ++differences->n < differences->n_most;
}

/* All that is dropped under `rules` is accepted here. */
static void compare(uint64_t n_most, struct differences *differences)
{
	static const char open_rules[] = "*filter\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n-A INPUT -m state --state ESTABLISHED -j ACCEPT\nCOMMIT\n";
	struct ctreplay *one = open_capture(), *other = read_capture();

	*differences = (struct differences){ .n_most = n_most, .first = one };
	ck_assert(ctreplay_set_text(other, "rules", "open", open_rules, strlen(open_rules)));
	ck_assert_int_eq(ctreplay_compare(one, other, note_difference, differences), CTREPLAY_ERROR);	/* not open */
	ck_assert(ctreplay_open(one));
	ck_assert_str_eq(ctreplay_host(other), "");
	ck_assert(ctreplay_open(other));
	ck_assert_int_eq(strncmp(ctreplay_host(other), "host 192.168.1.", strlen("host 192.168.1.")), 0);
	ck_assert_int_eq(ctreplay_compare(one, one, note_difference, differences), CTREPLAY_ERROR);
	ck_assert_ptr_null(ctreplay_comparison(one));
	ck_assert_int_eq(ctreplay_compare(one, other, note_difference, differences), n_most == 2 ? CTREPLAY_PACKET : CTREPLAY_END);
	ck_assert_uint_eq(ctreplay_comparison(one)->n_uncertain, 0);
	if (n_most > 2)
		ck_assert_uint_eq(ctreplay_comparison(one)->n_packets, 9);
	ck_assert_int_eq(ctreplay_run(one, 1), CTREPLAY_ERROR);
	ck_assert_int_eq(ctreplay_step(other), CTREPLAY_ERROR);
	ck_assert(ctreplay_finish(one));
	ctreplay_destroy(other);
	ctreplay_destroy(one);
}

START_TEST(test_compared)
{
	struct differences differences;

	compare(UINT64_MAX, &differences);
	ck_assert_uint_eq(differences.n, 4);	/* 3, 4, 9, and 5, whose question finds an entry */
	ck_assert_uint_eq(differences.last, 9);
	ck_assert_uint_eq(differences.kinds, CTREPLAY_DIFFERS_VERDICT | CTREPLAY_DIFFERS_RULE);
	ck_assert_uint_eq(differences.flow, 2);
	ck_assert_ptr_nonnull(strstr(differences.words, "192.168.1."));
	compare(2, &differences);
	ck_assert_uint_eq(differences.n, 2);
	ck_assert_uint_eq(differences.last, 4);
}
END_TEST

START_TEST(test_packets_from_rules)
{
	static const char empty[] = "*filter\n:INPUT DROP\nCOMMIT\n";
	struct ctreplay *owner = ctreplay_create(), *one = ctreplay_create(), *other = ctreplay_create(), *again;

	ck_assert(!ctreplay_load(owner));	/* no rules */
	ck_assert(ctreplay_set_text(owner, "rules", "inline", rules, strlen(rules)));
	ck_assert(!ctreplay_generate(one, other));
	ck_assert(ctreplay_load(owner));
	ck_assert(!ctreplay_load(owner));
	ck_assert(ctreplay_borrow_rules(one, owner));
	ck_assert(!ctreplay_borrow_rules(one, owner));
	ck_assert(ctreplay_set_text(other, "rules", "empty", empty, strlen(empty)));
	ck_assert(ctreplay_load(other));
	ck_assert_ptr_null(ctreplay_script(one));
	ck_assert(ctreplay_generate(one, other));
	ck_assert(!ctreplay_generate(one, other));
	ck_assert_str_eq(ctreplay_script(one), ctreplay_script(other));
	ck_assert(!ctreplay_set(one, "read", "captures/dns-timeout.pcap"));

	again = ctreplay_create();
	ck_assert(ctreplay_set_text(again, "read", "kept", ctreplay_script(one), strlen(ctreplay_script(one))));
	ck_assert(!ctreplay_open_for_packets(again, 1));
	ctreplay_destroy(again);

	ck_assert(ctreplay_open(one));
	ck_assert_int_eq(strncmp(ctreplay_host(one), "host 10.200.0.1", strlen("host 10.200.0.1")), 0);
	ck_assert_int_eq(ctreplay_run(one, 1), CTREPLAY_PACKET);
	ctreplay_destroy(other);
	ctreplay_destroy(one);
	ctreplay_destroy(owner);
}
END_TEST

START_TEST(test_script_in_memory)
{
	static const char script[] = "# ctreplay packets\n0.5 udp 10.0.0.2:53 > 10.0.0.1:1000 len 20\n";
	static const char wrong[] = "# ctreplay packets\n0.5 udq\n";
	struct ctreplay *replay = open_host();
	const struct ctreplay_message *messages;
	size_t n;

	ck_assert(ctreplay_set_text(replay, "read", "a script", script, strlen(script)));
	ck_assert(!ctreplay_set_text(replay, "read", "a script", script, strlen(script)));
	ck_assert(ctreplay_open(replay));
	ck_assert_int_eq(ctreplay_step(replay), CTREPLAY_PACKET);
	ck_assert_int_eq(ctreplay_packet(replay)->verdict, CTREPLAY_DROP);
	ck_assert_int_eq(ctreplay_step(replay), CTREPLAY_END);
	ctreplay_destroy(replay);

	replay = open_host();
	ck_assert(ctreplay_set_text(replay, "read", "wrong", wrong, strlen(wrong)));
	ck_assert(!ctreplay_open(replay));
	messages = ctreplay_messages(replay, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(messages[0].file, "wrong");
	ck_assert_uint_eq(messages[0].line, 2);
	ctreplay_destroy(replay);
}
END_TEST

/* Of the packets that are left, how many are dropped, and ten times how many are not. */
static int verdicts(struct ctreplay *replay)
{
	int n = 0;

	while (ctreplay_step(replay) == CTREPLAY_PACKET)
		n += ctreplay_packet(replay)->verdict == CTREPLAY_DROP ? 1 : 10;
	return n;
}

START_TEST(test_both_go_on_after_a_fork)
{
	struct ctreplay *replay = open_capture();
	pid_t process;
	int status;

	ck_assert(ctreplay_open(replay));
	ck_assert_int_eq(ctreplay_run(replay, 1), CTREPLAY_PACKET);
	ctreplay_before_fork(replay);
	process = fork();
	if (process == 0)
		_exit(ctreplay_after_fork(replay) ? verdicts(replay) : 0);
	ck_assert(process > 0 && waitpid(process, &status, 0) == process && WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 53);
	ck_assert_int_eq(verdicts(replay), 53);
	ctreplay_destroy(replay);

	/* Packets that are pushed are each process's own. */
	replay = open_host();
	ck_assert(ctreplay_open_for_packets(replay, 101));
	ctreplay_before_fork(replay);
	ck_assert(ctreplay_after_fork(replay));
	ctreplay_destroy(replay);

	/* Threads are not copied. */
	replay = open_capture();
	ck_assert(ctreplay_set(replay, "threads", "3"));
	ck_assert(ctreplay_set(replay, "out", "csv=/dev/null"));
	ck_assert(ctreplay_open(replay));
	ctreplay_before_fork(replay);
	ck_assert(!ctreplay_after_fork(replay));
	ctreplay_destroy(replay);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("api");
	TCase *tests = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_test(tests, test_pushed_packets);
	tcase_add_test(tests, test_counters_and_summary);
	tcase_add_test(tests, test_mistakes_have_a_place);
	tcase_add_test(tests, test_wrong_order);
	tcase_add_test(tests, test_output_to_a_function);
	tcase_add_test(tests, test_run_and_step_take_turns);
	tcase_add_test(tests, test_look_first);
	tcase_add_test(tests, test_look_and_run);
	tcase_add_test(tests, test_account);
	tcase_add_test(tests, test_machine);
	tcase_add_test(tests, test_chains);
	tcase_add_test(tests, test_interrupted);
	tcase_add_test(tests, test_screen);
	tcase_add_test(tests, test_what_failed);
	tcase_add_test(tests, test_borrowed_rules);
	tcase_add_test(tests, test_coverage);
	tcase_add_test(tests, test_compared);
	tcase_add_test(tests, test_packets_from_rules);
	tcase_add_test(tests, test_script_in_memory);
	tcase_add_test(tests, test_both_go_on_after_a_fork);
	suite_add_tcase(suite, tests);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
