/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/run_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/system.h"
#include "capture/reader.h"
#include "host/host_file.h"
#include "host/sysctls.h"

/*
 * Where entries stand in their table shows nowhere, so it need not be the same in each run; and who makes a capture must not know
 * it, or could make one whose flows all meet. Without a random device the seed is a known one.
 */
static uint64_t draw_hash_seed(void)
{
	uint64_t seed;

	return system_random(&seed, sizeof(seed)) ? seed : 1;
}

void run_options_init(struct run_options *options)
{
	memset(options, 0, sizeof(*options));
	rules_files_init(&options->rules);
	policies_file_init(&options->policies);
	topology_init(&options->topology);
	settings_init(&options->settings);
	options->limits = limits_usual;
	options->seed = 1;
	options->hash_seed = draw_hash_seed();
	options->n_threads = 1;
}

void run_options_clear(struct run_options *options)
{
	rules_files_clear(&options->rules);
	policies_file_clear(&options->policies);
	topology_clear(&options->topology);
	source_clear(&options->host_source);
	free(options->snapshots.at);
	free(options->snapshots.after_packets);
	free(options->captures);
	free(options->captured_on);
	free(options->outs);
	free(options->functions);
	ranges_clear(&options->shown);
	memset(options, 0, sizeof(*options));
}

static bool store_capture(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct run_options *options = target;

	(void)diagnostics;
	options->captures = alloc_resize(options->captures, options->n_captures + 1, sizeof(*options->captures));
	options->captures[options->n_captures++] = value;
	options->capture = options->captures[0];
	return true;
}

static bool store_word(void *target, const char *word, struct diagnostics *diagnostics)
{
	struct run_options *options = target;

	(void)diagnostics;
	rules_files_add(&options->rules, word, FAMILY_NONE);
	return true;
}

static bool store_rules4(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct run_options *options = target;

	(void)diagnostics;
	rules_files_add(&options->rules, value, FAMILY_IPV4);
	return true;
}

static bool store_rules6(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct run_options *options = target;

	(void)diagnostics;
	rules_files_add(&options->rules, value, FAMILY_IPV6);
	return true;
}

/* Read at once: what follows on the command line adds to it. */
static bool store_host(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct run_options *options = target;
	const struct sysctls sysctls = { .topology = &options->topology, .settings = &options->settings };

	if (options->host) {
		diag_error_plain(diagnostics, "--host was given twice: '%s' and '%s'", options->host, value);
		return false;
	}
	options->host = value;
	return rules_files_read(value, &options->host_source, diagnostics) &&
	       host_file_read(&sysctls, &options->host_source, diagnostics);
}

static bool store_ipset(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	rules_files_add_sets(&((struct run_options *)target)->rules, value);
	return true;
}

static bool store_local(void *target, const char *value, struct diagnostics *diagnostics)
{
	return topology_parse_local(&((struct run_options *)target)->topology, value, diagnostics);
}

static bool store_route(void *target, const char *value, struct diagnostics *diagnostics)
{
	return topology_parse_route(&((struct run_options *)target)->topology, value, diagnostics);
}

static bool store_sysctl(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct run_options *options = target;
	const struct sysctls sysctls = { .topology = &options->topology, .settings = &options->settings };
	const char *equals = strchr(value, '='), *nearest;
	struct text problem;
	char *name;
	bool is_ok;

	if (!equals) {
		diag_error_plain(diagnostics, "--sysctl '%s': expected NAME=VALUE", value);
		return false;
	}
	name = alloc_copy(value, (size_t)(equals - value));
	text_init(&problem);
	is_ok = sysctls_set(&sysctls, name, equals + 1, &problem, &nearest);
	if (!is_ok && nearest)
		diag_error_plain(diagnostics, "--sysctl: %s; did you mean %s?", text_string(&problem), nearest);
	else if (!is_ok)
		diag_error_plain(diagnostics, "--sysctl: %s; `ctreplay list sysctls` lists them", text_string(&problem));
	text_clear(&problem);
	free(name);
	return is_ok;
}

static bool store_timeouts(void *target, const char *value, struct diagnostics *diagnostics)
{
	return policies_file_name(&((struct run_options *)target)->policies, value, diagnostics);
}

static bool store_captured_on(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct run_options *options = target;

	if (options->n_captured_on == VANTAGE_MOST) {
		diag_error_plain(diagnostics, "--captured-on '%s': too many; at most %d", value, VANTAGE_MOST);
		return false;
	}
	options->captured_on = alloc_resize(options->captured_on, options->n_captured_on + 1, sizeof(char *));
	options->captured_on[options->n_captured_on++] = value;
	return true;
}

static bool store_actions(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct run_options *options = target;

	if (options->actions) {
		diag_error_plain(diagnostics, "--actions was given twice: '%s' and '%s'", options->actions, value);
		return false;
	}
	options->actions = value;
	return true;
}

static bool store_hz(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct run_options *options = target;
	uint64_t number;

	if (!cli_options_parse_number(value, 1000, &number) || number < 100) {
		diag_error_plain(diagnostics, "--hz '%s': ticks a second, 100 to 1000", value);
		return false;
	}
	options->settings.hz = (uint32_t)number;
	return true;
}

static bool store_out(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct run_options *options = target;

	if (!strchr(value, '=')) {
		diag_error_plain(diagnostics, "--out '%s': expected FORMAT=FILE (FILE may be -); `ctreplay list formats` lists the formats",
				 value);
		return false;
	}
	options->outs = alloc_resize(options->outs, options->n_outs + 1, sizeof(*options->outs));
	options->outs[options->n_outs++] = value;
	return true;
}

bool run_options_describe_host(struct run_options *options, const char *name, const char *text, size_t len,
			       struct diagnostics *diagnostics)
{
	const struct sysctls sysctls = { .topology = &options->topology, .settings = &options->settings };

	if (options->host) {
		diag_error_plain(diagnostics, "host was described twice: '%s' and '%s'", options->host, name);
		return false;
	}
	source_init(&options->host_source, name, text, len);
	options->host = options->host_source.name;
	return host_file_read(&sysctls, &options->host_source, diagnostics);
}

void run_options_add_function(struct run_options *options, const char *format, output_write *write, void *owner)
{
	options->functions = alloc_resize(options->functions, options->n_functions + 1, sizeof(*options->functions));
	options->functions[options->n_functions++] = (struct run_function){ .format = format, .write = write, .owner = owner };
}

const char *run_options_live_capture(const struct run_options *options)
{
	for (size_t i = 0; i < options->n_captures; i++)
		if (reader_is_live(options->captures[i]))
			return options->captures[i];
	return NULL;
}

/* "31", "31s", "0.5s": seconds with up to nine digits behind the point; no more than a capture's clock can count. */
bool run_options_parse_time(const char *text, struct vtime *time)
{
	int64_t seconds = 0, unit = VTIME_NS_PER_SECOND, rest = 0;
	const char *start = text;

	for (; *text >= '0' && *text <= '9' && seconds <= UINT32_MAX; text++)
		seconds = seconds * 10 + (*text - '0');
	if (text == start || seconds > UINT32_MAX)
		return false;
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9'; text++)
			if (unit > 1) {
				unit /= 10;
				rest += (*text - '0') * unit;
			}
	if (*text == 's')
		text++;
	time->ns = seconds * VTIME_NS_PER_SECOND + rest;
	return *text == '\0';
}

static void add_time(struct snapshot_plan *plan, struct vtime time)
{
	plan->at = alloc_resize(plan->at, plan->n_at + 1, sizeof(*plan->at));
	plan->at[plan->n_at++] = time;
}

static void add_packet(struct snapshot_plan *plan, uint64_t number)
{
	plan->after_packets = alloc_resize(plan->after_packets, plan->n_after_packets + 1, sizeof(*plan->after_packets));
	plan->after_packets[plan->n_after_packets++] = number;
}

static int compare_times(const void *a, const void *b)
{
	const struct vtime *one = a, *other = b;

	return vtime_is_before(*one, *other) ? -1 : vtime_is_before(*other, *one);
}

static int compare_numbers(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

	return one < other ? -1 : one > other;
}

void run_options_sort_snapshots(struct snapshot_plan *plan)
{
	size_t n = 0;

	if (plan->n_at)
		qsort(plan->at, plan->n_at, sizeof(*plan->at), compare_times);
	for (size_t i = 0; i < plan->n_at; i++)
		if (!n || vtime_is_before(plan->at[n - 1], plan->at[i]))
			plan->at[n++] = plan->at[i];
	plan->n_at = n;
	if (plan->n_after_packets)
		qsort(plan->after_packets, plan->n_after_packets, sizeof(*plan->after_packets), compare_numbers);
}

static bool store_snapshot(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct snapshot_plan *plan = &((struct run_options *)target)->snapshots;
	struct vtime time;
	uint64_t number;

	if (strcmp(value, "end") == 0)
		plan->at_end = true;
	else if (strcmp(value, "each") == 0)
		plan->after_each = true;
	else if (strncmp(value, "every=", 6) == 0 && run_options_parse_time(value + 6, &time) && time.ns >= 1000000)
		plan->every = time;
	else if (strncmp(value, "at=", 3) == 0 && run_options_parse_time(value + 3, &time))
		add_time(plan, time);
	else if (strncmp(value, "packet=", 7) == 0 && cli_options_parse_number(value + 7, UINT64_MAX, &number) && number > 0)
		add_packet(plan, number);
	else {
		diag_error_plain(diagnostics, "--snapshot '%s': expected end, each, every=10s, at=31s or packet=12", value);
		return false;
	}
	return true;
}

static bool store_packets(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	((struct run_options *)target)->packets = value;
	return true;
}

static bool store_annotations(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	((struct run_options *)target)->annotations = value;
	return true;
}

static bool store_track(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct run_options *options = target;

	if (strcmp(value, "always") == 0)
		options->track = TRACK_ALWAYS;
	else if (strcmp(value, "auto") == 0)
		options->track = TRACK_AUTO;
	else {
		diag_error_plain(diagnostics, "--track '%s': expected always or auto", value);
		return false;
	}
	return true;
}

static bool store_kernel(void *target, const char *value, struct diagnostics *diagnostics)
{
	return profile_parse(value, &((struct run_options *)target)->settings.profile, diagnostics);
}

static bool store_color(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct run_options *options = target;

	if (strcmp(value, "auto") == 0)
		options->color = COLOR_AUTO;
	else if (strcmp(value, "always") == 0)
		options->color = COLOR_ALWAYS;
	else if (strcmp(value, "never") == 0)
		options->color = COLOR_NEVER;
	else {
		diag_error_plain(diagnostics, "--color '%s': expected auto, always or never", value);
		return false;
	}
	return true;
}

static bool store_limit(void *target, const char *value, struct diagnostics *diagnostics)
{
	return limits_parse(&((struct run_options *)target)->limits, value, diagnostics);
}

static bool store_seed(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct run_options *options = target;

	if (cli_options_parse_number(value, UINT64_MAX, &options->seed)) {
		options->hash_seed = options->seed;
		return true;
	}
	diag_error_plain(diagnostics, "--seed '%s': a whole number is needed", value);
	return false;
}

static bool store_quiet(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct run_options *)target)->is_quiet = true;
	return true;
}

static bool store_strict(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct run_options *)target)->is_strict = true;
	return true;
}

static bool store_causal(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct run_options *)target)->is_causal = true;
	return true;
}

static bool store_noflush(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct run_options *)target)->keeps_tables = true;
	return true;
}

static bool store_zero(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct run_options *)target)->zero_counters = true;
	return true;
}

static bool store_threads(void *target, const char *value, struct diagnostics *diagnostics)
{
	uint64_t number;

	if (!cli_options_parse_number(value, RUN_MOST_THREADS, &number) || !number) {
		diag_error_plain(diagnostics, "--threads '%s': 1 to %d", value, RUN_MOST_THREADS);
		return false;
	}
	((struct run_options *)target)->n_threads = (unsigned)number;
	return true;
}

static const struct cli_option table[] = {
	{ "read", 'r', "FILE", "the capture or packet script; - is standard input; may be repeated\n"
	  "A capture is pcap or pcapng, plain or compressed with gzip, zstd or xz; a packet script is told by its first line "
	  "(**ctreplay-script**(5)). Several are replayed as one, in order of time, as for two sides of a router. What comes by a pipe is told packet by packet, as it comes.",
	  store_capture },
	{ "4", '4', "RULES", "a file of IPv4 rules, whatever its content looks like", store_rules4 },
	{ "6", '6', "RULES", "a file of IPv6 rules", store_rules6 },
	{ "host", 0, "FILE", "the host in JSON: interfaces, routes, policy rules, sysctls\n"
	  "Comments are allowed. **ctreplay-host**(5) lists the keys; what `ip -j` prints is understood as well.",
	  store_host },
	{ "ipset", 0, "FILE", "the sets of -m set and -j SET, as `ipset save` prints them\n"
	  "May be repeated.",
	  store_ipset },
	{ "local", 0, "ADDR[/LEN][@IFACE]", "an address of the simulated host; may be repeated\n"
	  "LEN and IFACE make the route to the subnet that is connected there. With no address given, the host is found from the "
	  "capture, and that is said.",
	  store_local },
	{ "route", 0, "PREFIX@IFACE[,via=ADDR]", "a route of the host; PREFIX may be default; may be repeated\n"
	  "With no route given, everything else is reached by the first interface.",
	  store_route },
	{ "captured-on", 0, "IFACE", "the interface where the capture was taken; may be repeated\n"
	  "Of a router: packets that the capture shows leaving are compared with the prediction, or turned back into what came "
	  "in. Of several captures once for each, in their order; `any` is all interfaces, `arriving` none: everything came in. "
	  "Without it, it is found from the capture where that is possible, and said.",
	  store_captured_on },
	{ "sysctl", 0, "NAME=VALUE", "a setting, as of sysctl(8); `ctreplay list sysctls`\n"
	  "Of connection tracking or of the host's IP layer, for instance `net.netfilter.nf_conntrack_udp_timeout=10` or "
	  "`net.ipv4.ip_forward=0`; or a parameter of a module, like `nf_conntrack_h323.gkrouted_only=0`. **ctreplay-host**(5) "
	  "lists all of them.",
	  store_sysctl },
	{ "annotations", 0, "FILE", "what the capture does not say (users, bridge ports, ...)\n"
	  "A line is NAME=VALUE... and a **tcpdump**(8) filter that chooses the packets, for instance `uid=1000 tcp port 25`. "
	  "`ctreplay list annotations` lists the names.",
	  store_annotations },
	{ "actions", 0, "FILE", "what an operator does meanwhile, a line each: 12.5 conntrack -F\n"
	  "A time in seconds and a command: `conntrack -F`, `-D` and `-U`, `iptables-restore`, `ip link set`, `sysctl`.",
	  store_actions },
	{ "timeouts", 0, "FILE", "timeout policies for -j CT --timeout\n"
	  "A line each, as `nfct add timeout` makes them.",
	  store_timeouts },
	{ "hz", 0, "N", "the kernel's ticks a second (250)\n"
	  "The grain of the arithmetic of `limit` and its like.",
	  store_hz },
	{ "track", 0, "always|auto", "track connections always (default), or when a rule needs it\n"
	  "A kernel does the latter, for IPv4 and IPv6 each on its own. Where nothing is tracked, fragments are judged one by one, "
	  "unless a rule asks for sockets (`-m socket`, TPROXY).",
	  store_track },
	{ "kernel", 0, "6.1|6.12|6.18", "the kernel whose behaviour is meant (6.18)\n"
	  "`ctreplay list kernels` says what differs.",
	  store_kernel },
	{ "packets", 0, "FILTER", "a tcpdump filter: which packets are shown; all are replayed\n"
	  "**pcap-filter**(7) has the language. Names of services and protocols are their numbers; others are not looked up.",
	  store_packets },
	{ "out", 0, "FORMAT=FILE", "one more output; may be repeated; `ctreplay list formats`\n"
	  "FILE may be - for standard output. The default view goes to standard output unless another format does. A format may "
	  "have words behind commas: `--out conntrack,xml=table.xml`.",
	  store_out },
	{ "snapshot", 0, "end|each|every=10s|at=31s|packet=12", "list the connection table then; may be repeated", store_snapshot },
	{ "causal", 0, NULL, "leave out packets that answer packets which these rules drop\n"
	  "They would not have been. Without it they are marked as phantoms.",
	  store_causal },
	{ "noflush", 0, NULL, "a save file adds to the tables of the files before it\n"
	  "`iptables-restore --noflush` does that.",
	  store_noflush },
	{ "strict", 0, NULL, "a rule that cannot be simulated is an error", store_strict },
	{ "zero", 0, NULL, "ignore the counters that the rules file brings", store_zero },
	{ "seed", 0, "N", "the seed of what the kernel would draw at random (1)\n"
	  "Where entries stand in their table shows nowhere: it is drawn anew in each run, so that no capture can be made whose "
	  "flows all meet there. With this option it is the same in each run.",
	  store_seed },
	{ "threads", 0, "1|2|3", "threads of `run`, for reading, replaying and writing\n"
	  "With 2 the outputs are written beside the replay, with 3 packets are read and decoded in a thread of their own, too; nothing "
	  "that is written depends on it. By default there are 3 on more than one processor; other commands have one. A capture on standard input, "
	  "explanations, and a run that only counts have one all the same.",
	  store_threads },
	{ "limit", 0, "NAME=N", "what an input may cost beyond its size; may be repeated\n`ctreplay list limits` has the names and the usual numbers. Reaching one is told.", store_limit },
	{ "color", 0, "auto|always|never", "colours in the default view", store_color },
	{ "quiet", 'q', NULL, "the default view shows its summary alone", store_quiet },
};

const struct cli_option_table run_option_table = {
	.options = table,
	.n_options = sizeof(table) / sizeof(table[0]),
	.store_word = store_word,
};
