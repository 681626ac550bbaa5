/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -j TCPMSS: lower the maximum segment size that a SYN offers. Linux 6.18, xt_TCPMSS.c: tcpmss_mangle_packet().
 * The size of the path is taken to be that of Ethernet.
 */
#include "base/cursor.h"
#include "packet/rewrite.h"
#include "rules/options.h"

enum { SET_MSS, CLAMP };

enum {
	TCP_HEADER_LEN = 20, TCP_HEADER_LONGEST = 60, DATA_OFFSET_AT = 12,
	OPTION_MSS = 2, OPTION_MSS_LEN = 4,
	ETHERNET_MTU = 1500, HEADERS_IPV4 = 40, HEADERS_IPV6 = 60,
	UNASKED_IPV4 = 536, UNASKED_IPV6 = 1220,	/* what may be offered for a host that offers nothing */
};

struct tcpmss_config {
	struct option_marks marks;
	uint32_t mss;
	bool clamps;
};

/* The last of both options counts. */
static bool parse_mss(void *config, const struct argument *values, const struct extension_place *place,
		      struct diagnostics *diagnostics)
{
	struct tcpmss_config *tcpmss = config;
	uint32_t ip_header_len = place->family == FAMILY_IPV6 ? HEADERS_IPV6 - TCP_HEADER_LEN : HEADERS_IPV4 - TCP_HEADER_LEN;
	const char *at = values->text;
	struct option_word word;

	tcpmss->clamps = false;
	options_next_word(values, &at, '\0', &word);
	return options_parse_number(&word, 0, UINT16_MAX - ip_header_len, &tcpmss->mss, diagnostics);
}

static bool choose_clamp(void *config, const struct argument *values, const struct extension_place *place,
			 struct diagnostics *diagnostics)
{
	((struct tcpmss_config *)config)->clamps = true;
	(void)values;
	(void)place;
	(void)diagnostics;
	return true;
}

static const struct option_spec options[] = {
	{ .name = "set-mss", .kind = OPTION_CUSTOM, .n_values = 1, .mark = SET_MSS, .value_name = "value", .parse = parse_mss,
	  .summary = "at most this" },
	{ .name = "clamp-mss-to-pmtu", .kind = OPTION_CUSTOM, .mark = CLAMP, .parse = choose_clamp,
	  .summary = "at most what the path takes: its MTU less 40 (IPv6: 60)" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	const struct tcpmss_config *tcpmss = config;
	const uint32_t clamp_hooks = 1 << HOOK_FORWARD | 1 << HOOK_OUTPUT | 1 << HOOK_POSTROUTING;

	if (!tcpmss->marks.seen) {
		diag_error(diagnostics, place->where, NULL, "TCPMSS needs --set-mss or --clamp-mss-to-pmtu");
		return false;
	}
	if (tcpmss->clamps && (place->hooks & ~clamp_hooks)) {
		diag_error(diagnostics, place->where, "allowed in FORWARD, OUTPUT, POSTROUTING",
			   "--clamp-mss-to-pmtu cannot be used before routing");
		return false;
	}
	if (place->wants_syn)
		return true;
	diag_error(diagnostics, place->where, "the rule needs --syn or --tcp-flags SYN,RST SYN", "TCPMSS works on SYN packets only");
	return false;
}

/* Of the way out and of the way back to the source, the narrower. Linux 6.18, tcpmss_reverse_mtu(). */
static uint32_t narrowest_mtu(const struct subject *subject)
{
	const struct surroundings *surroundings = subject->surroundings;
	enum family family = (enum family)subject->packet->family;
	uint32_t out = subject->mtu ? subject->mtu : ETHERNET_MTU;
	uint32_t back = surroundings->mtu_towards(surroundings, family, &subject->packet->source);

	if (!back)
		back = ETHERNET_MTU;
	return out < back ? out : back;
}

/* 0: the way is too narrow for any segment. */
static uint32_t mss_of(const struct tcpmss_config *tcpmss, const struct subject *subject)
{
	uint32_t headers = subject->packet->family == FAMILY_IPV6 ? HEADERS_IPV6 : HEADERS_IPV4, mtu;

	if (!tcpmss->clamps)
		return tcpmss->mss;
	mtu = narrowest_mtu(subject);
	return mtu > headers ? mtu - headers : 0;
}

/* Where the option's value stands in the TCP header, and the value; 0: there is no option. */
static uint32_t find_mss(const struct packet *packet, uint32_t *mss)
{
	for (uint32_t i = TCP_HEADER_LEN; i + OPTION_MSS_LEN <= packet->tcp_header_len;) {
		struct cursor option = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + i);
		uint8_t kind = cursor_u8(&option), len = cursor_u8(&option);

		if (kind == OPTION_MSS && len == OPTION_MSS_LEN) {
			*mss = cursor_u16(&option);
			return i + 2;
		}
		i += kind <= 1 || len == 0 ? 1 : len;
	}
	return 0;
}

static void add_option(struct packet *packet, uint32_t mss)
{
	uint32_t most = packet->family == FAMILY_IPV6 ? UNASKED_IPV6 : UNASKED_IPV4;
	struct cursor cursor = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + DATA_OFFSET_AT);
	uint8_t option[OPTION_MSS_LEN], data_offset = (uint8_t)(cursor_u8(&cursor) + 0x10);

	if (mss > most)
		mss = most;
	option[0] = OPTION_MSS;
	option[1] = OPTION_MSS_LEN;
	option[2] = (uint8_t)(mss >> 8);
	option[3] = (uint8_t)mss;
	if (rewrite_resize(packet, TCP_HEADER_LEN, 0, option, sizeof(option)))
		rewrite_l4_bytes(packet, DATA_OFFSET_AT, &data_offset, 1);
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	struct packet *packet = subject->packet;
	uint32_t mss, offered = 0, at;
	uint8_t bytes[2];

	(void)state;
	if (packet->fragment_offset)
		return TARGET_CONTINUE;
	if (packet->l4_len < TCP_HEADER_LEN)
		return TARGET_DROP;
	if (!packet->has_l4)
		return TARGET_CONTINUE;
	if (packet->tcp_header_len < TCP_HEADER_LEN || packet->l4_len < packet->tcp_header_len)
		return TARGET_DROP;
	mss = mss_of(config, subject);
	if (!mss && ((const struct tcpmss_config *)config)->clamps)
		return TARGET_DROP;
	bytes[0] = (uint8_t)(mss >> 8);
	bytes[1] = (uint8_t)mss;
	at = find_mss(packet, &offered);
	if (at) {
		/* Never raised: the host knows why it offers so little. */
		if (offered > mss)
			rewrite_l4_bytes(packet, at, bytes, sizeof(bytes));
	} else if (packet->l4_len == packet->tcp_header_len && packet->tcp_header_len < TCP_HEADER_LONGEST) {
		add_option(packet, mss);
	}
	return TARGET_CONTINUE;
}

static void print(const void *config, struct text *out)
{
	const struct tcpmss_config *tcpmss = config;

	if (tcpmss->clamps)
		text_append(out, " --clamp-mss-to-pmtu");
	else
		text_printf(out, " --set-mss %u", tcpmss->mss);
}

static void list(const void *config, struct text *out)
{
	const struct tcpmss_config *tcpmss = config;

	if (tcpmss->clamps)
		text_append(out, " TCPMSS clamp to PMTU");
	else
		text_printf(out, " TCPMSS set %u", tcpmss->mss);
}

static const uint8_t protocols[] = { PROTOCOL_TCP, 0 };

const struct target_type target_tcpmss = {
	.name = "TCPMSS",
	.summary = "lower the maximum segment size of a SYN; the packet goes on",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "MTUs of the host",
	.families = EXTENSION_BOTH,
	.protocols = protocols,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct tcpmss_config),
	.check = check,
	.eval = eval,
	.print = print,
	.list = list,
};
