/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * extension_options LIBRARY...: the extensions that iptables' own libraries (xtables/libxt_tcp.so) register, and the
 * options that each parses: "families TAB match|target TAB name TAB option", families ipv4, ipv6 or both; the option is "-"
 * where there is none. The libraries register themselves when they are loaded, with the functions that this program has in
 * the place of libxtables'.
 */
#include <dlfcn.h>
#include <getopt.h>
#include <stdio.h>
#include <xtables.h>

static const char *families(uint16_t family)
{
	return family == NFPROTO_IPV4 ? "ipv4" : family == NFPROTO_IPV6 ? "ipv6" : family == NFPROTO_UNSPEC ? "both" : NULL;
}

static void print(uint16_t family, const char *kind, const char *name, const struct xt_option_entry *table,
		  const struct option *extra)
{
	unsigned n = 0;

	if (!families(family))
		return;
	for (; table && table->name; table++, n++)
		printf("%s\t%s\t%s\t%s\n", families(family), kind, name, table->name);
	for (; extra && extra->name; extra++, n++)
		printf("%s\t%s\t%s\t%s\n", families(family), kind, name, extra->name);
	if (!n)
		printf("%s\t%s\t%s\t-\n", families(family), kind, name);
}

void xtables_register_matches(struct xtables_match *matches, unsigned int n)
{
	for (unsigned i = 0; i < n; i++)
		print(matches[i].family, "match", matches[i].name, matches[i].x6_options, matches[i].extra_opts);
}

void xtables_register_match(struct xtables_match *match)
{
	xtables_register_matches(match, 1);
}

void xtables_register_targets(struct xtables_target *targets, unsigned int n)
{
	for (unsigned i = 0; i < n; i++)
		print(targets[i].family, "target", targets[i].name, targets[i].x6_options, targets[i].extra_opts);
}

void xtables_register_target(struct xtables_target *target)
{
	xtables_register_targets(target, 1);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!dlopen(argv[i], RTLD_NOW | RTLD_GLOBAL)) {
			fprintf(stderr, "%s\n", dlerror());
			return 1;
		}
	return 0;
}
