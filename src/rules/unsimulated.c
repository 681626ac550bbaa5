/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What iptables-extensions(8) 1.8.9 describes and this program does not simulate. A target changes a verdict when it
 * ends the chain, drops, or changes something that a simulated match looks at.
 */
#include <string.h>

#include "rules/extension.h"

#define MATCH(name, summary) { name, false, false, summary }
#define TARGET(name, changes_verdict, summary) { name, true, changes_verdict, summary }

static const struct unsimulated_extension extensions[] = {
	MATCH("bpf", "a Berkeley packet filter program"),
	MATCH("cgroup", "control group of the local socket"),
	MATCH("cluster", "this node's share of the connections"),
	MATCH("connlabel", "labels of the connection"),
	MATCH("cpu", "processor that handles the packet"),
	MATCH("devgroup", "group of the interface"),
	MATCH("ipvs", "IPVS connection of the packet"),
	MATCH("nfacct", "counts into a named object"),
	MATCH("osf", "operating system by its SYN"),
	MATCH("physdev", "bridge port"),
	MATCH("policy", "IPsec policy"),
	MATCH("rateest", "rate that RATEEST measured"),
	MATCH("realm", "routing realm"),
	MATCH("rpfilter", "would a reply leave by the same interface"),
	MATCH("socket", "is there an open socket for the packet"),
	MATCH("u32", "arithmetic on the packet's bytes"),
	TARGET("AUDIT", false, "an audit record"),
	TARGET("CLUSTERIP", true, "one address for a cluster"),
	TARGET("CONNSECMARK", false, "security mark between connection and packet"),
	TARGET("DNPT", true, "change the destination's prefix"),
	TARGET("HMARK", true, "a mark by hashing addresses and ports"),
	TARGET("IDLETIMER", false, "a timer that runs while nothing passes"),
	TARGET("LED", false, "light a lamp"),
	TARGET("RATEEST", false, "measure a rate"),
	TARGET("SECMARK", false, "set the security mark"),
	TARGET("SNPT", true, "change the source's prefix"),
	TARGET("SYNPROXY", true, "answer SYNs in the server's place"),
	TARGET("TCPOPTSTRIP", true, "overwrite TCP options"),
	TARGET("TEE", false, "a copy to another host"),
	TARGET("TPROXY", true, "hand the packet to a local proxy"),
	TARGET("ULOG", false, "a copy for a program that logs"),
};

const struct unsimulated_extension *extension_unsimulated(size_t *n)
{
	*n = sizeof(extensions) / sizeof(extensions[0]);
	return extensions;
}

const struct unsimulated_extension *extension_find_unsimulated(const char *name, bool is_target)
{
	for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++) {
		if (extensions[i].is_target == is_target && strcmp(extensions[i].name, name) == 0)
			return &extensions[i];
	}
	return NULL;
}
