/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m hbh: the IPv6 hop-by-hop header. Linux 6.18, ip6t_hbh.c: hbh_mt6(). */
#include "rules/ipv6_headers.h"
#include "rules/ipv6_options.h"

static void print_list(const void *config, struct text *out)
{
	text_append(out, "--hbh-opts");
	ipv6_options_print(config, out);
}

static const struct option_spec options[] = { IPV6_OPTIONS("hbh-len", "hbh-opts", print_list) };

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	(void)state;
	return ipv6_options_eval(config, IPV6_HOP_BY_HOP, subject);
}

static void list(const void *config, struct text *out)
{
	ipv6_options_list(config, "hbh", out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	if (ipv6_headers_explain(subject, IPV6_HOP_BY_HOP, "hop-by-hop header", out))
		return;
	text_append(out, "hbh");
	options_print(options, sizeof(options) / sizeof(options[0]), config, out);
	text_append(out, ": the packet's hop-by-hop header is another");
}

const struct match_type match_hbh = {
	.name = "hbh",
	.summary = "IPv6 hop-by-hop options",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_IPV6,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct ipv6_options_config),
	.eval = eval,
	.list = list,
	.explain = explain,
};
