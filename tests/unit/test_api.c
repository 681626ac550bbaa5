/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libctreplay through its header alone: packets that are pushed, what is said of mistakes, outputs to functions. */
#include <sys/wait.h>
#include <unistd.h>

#include "api_fixture.h"

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
	tcase_add_test(tests, test_interrupted);
	tcase_add_test(tests, test_screen);
	tcase_add_test(tests, test_what_failed);
	tcase_add_test(tests, test_script_in_memory);
	tcase_add_test(tests, test_both_go_on_after_a_fork);
	suite_add_tcase(suite, tests);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
