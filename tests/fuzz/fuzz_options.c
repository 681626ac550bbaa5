/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any text as one of the small things that options name: timeout policies, a filter, what an operator does, what packets are told
 * to be.
 *
 * Input: a byte that chooses, then the text.
 */
#include "files.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#ifdef __linux__
#include <netinet/ether.h>
#endif

#include "base/limits.h"
#include "capture/filter.h"
#include "conntrack/timeout_policy.h"
#include "replay/actions.h"
#include "replay/annotation_file.h"

const char *const fuzz_known[] = { "tests/fuzz/corpus/options", NULL };

enum { ETHERNET = 1 /* DLT_EN10MB */, FILTER_LONGEST = 200 };

/*
 * The system's names, where libpcap asks for them. It may ask what an address is that it has recognized, or a number; told nothing, it
 * refuses the filter.
 */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result);
struct protoent *getprotobyname(const char *name);
struct servent *getservbyname(const char *name, const char *protocol);
struct netent *getnetbyname(const char *name);

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
	uint8_t address[16];

	(void)hints;
	*result = NULL;
	MUST(!node || inet_pton(AF_INET6, node, address) == 1);
	MUST(!service || strspn(service, "0123456789") == strlen(service));
	return EAI_FAIL;
}

struct protoent *getprotobyname(const char *name)
{
	(void)name;
	MUST(!"a name of a protocol is looked up");
	return NULL;
}

struct servent *getservbyname(const char *name, const char *protocol)
{
	(void)name;
	(void)protocol;
	MUST(!"a service is looked up");
	return NULL;
}

struct netent *getnetbyname(const char *name)
{
	(void)name;
	MUST(!"a network is looked up");
	return NULL;
}

#ifdef __linux__
int ether_hostton(const char *name, struct ether_addr *address);

int ether_hostton(const char *name, struct ether_addr *address)
{
	(void)name;
	(void)address;
	MUST(!"the address of a network card is looked up");
	return -1;
}
#endif

static void check_messages(const struct diagnostics *diagnostics, bool is_read)
{
	struct text text;

	text_init(&text);
	diag_print(diagnostics, &text);
	MUST(is_read == (diagnostics->n_errors == 0));
	MUST(is_read || text.len > 0);
	text_clear(&text);
}

static void read_policies(const uint8_t *data, size_t len, struct diagnostics *diagnostics)
{
	struct timeout_policies policies;
	struct conntrack_settings settings;
	struct source source;

	settings_init(&settings);
	timeout_policies_init(&policies);
	source_init(&source, "fuzz", (const char *)data, len);
	check_messages(diagnostics, timeout_policies_parse(&policies, &source, &settings, diagnostics));
	timeout_policies_clear(&policies);
	source_clear(&source);
}

static void read_filter(const uint8_t *data, size_t len)
{
	char expression[FILTER_LONGEST + 1];
	struct filter *filter;
	struct text error;

	if (len > FILTER_LONGEST)
		return;
	memcpy(expression, data, len);
	expression[len] = '\0';
	text_init(&error);
	filter = filter_create(expression, ETHERNET, NULL, &error);
	MUST(filter || error.len > 0);
	filter_destroy(filter);
	text_clear(&error);
}

/* What opens other files, iptables-restore, is kept out. */
static void read_actions(const char *path, struct diagnostics *diagnostics)
{
	static const char rules[] = "*filter\n-A FORWARD -m state --state NEW\nCOMMIT\n";
	struct ruleset_options options = { .is_strict = false };
	struct diagnostics none;
	struct actions_file file;
	struct ruleset *ruleset;
	struct source source;

	diag_init(&none);
	source_init(&source, "rules", rules, strlen(rules));
	ruleset = ruleset_load(&(struct ruleset_input){ .source = &source, .family = FAMILY_IPV4 }, 1, &options, &none);
	MUST(ruleset);
	actions_file_init(&file);
	check_messages(diagnostics, actions_file_load(&file, path, &options, ruleset, diagnostics));
	for (size_t i = 1; i < file.n_actions; i++)
		MUST(!vtime_is_before(file.actions[i].time, file.actions[i - 1].time));
	diag_clear(diagnostics);
	actions_file_clear(&file);
	ruleset_destroy(ruleset);
	source_clear(&source);
	diag_clear(&none);
}

static void read_annotations(const char *path, struct diagnostics *diagnostics)
{
	struct filter_room room = { .most = limits_usual.filter_bytes };
	struct annotation_file file;

	check_messages(diagnostics, annotation_file_open(&file, path, ETHERNET, &room, diagnostics));
	diag_clear(diagnostics);
	annotation_file_clear(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *path;
	struct diagnostics diagnostics;

	if (len < 1 || len > 4096 || memmem(data, len, "tables", 6))
		return 0;
	diag_init(&diagnostics);
	path = files_write(data + 1, len - 1);
	switch (data[0] % 4) {
	case 0:
		read_policies(data + 1, len - 1, &diagnostics);
		break;
	case 1:
		read_filter(data + 1, len - 1);
		break;
	case 2:
		read_actions(path, &diagnostics);
		break;
	default:
		read_annotations(path, &diagnostics);
		break;
	}
	diag_clear(&diagnostics);
	return 0;
}

#include "replay.h"
