/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/protocol.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/diag.h"
#include "packet/packet.h"
#include "packet/protocol_parts.h"

/* As Debian's netbase names them, which is what iptables-save prints. */
static const char *const protocols[256] = {
	[0] = "ip",
	[1] = "icmp",
	[2] = "igmp",
	[3] = "ggp",
	[4] = "ipencap",
	[5] = "st",
	[6] = "tcp",
	[8] = "egp",
	[9] = "igp",
	[12] = "pup",
	[17] = "udp",
	[20] = "hmp",
	[22] = "xns-idp",
	[27] = "rdp",
	[29] = "iso-tp4",
	[33] = "dccp",
	[36] = "xtp",
	[37] = "ddp",
	[38] = "idpr-cmtp",
	[41] = "ipv6",
	[43] = "ipv6-route",
	[44] = "ipv6-frag",
	[45] = "idrp",
	[46] = "rsvp",
	[47] = "gre",
	[50] = "esp",
	[51] = "ah",
	[57] = "skip",
	[58] = "ipv6-icmp",
	[59] = "ipv6-nonxt",
	[60] = "ipv6-opts",
	[73] = "rspf",
	[81] = "vmtp",
	[88] = "eigrp",
	[89] = "ospf",
	[93] = "ax.25",
	[94] = "ipip",
	[97] = "etherip",
	[98] = "encap",
	[103] = "pim",
	[108] = "ipcomp",
	[112] = "vrrp",
	[115] = "l2tp",
	[124] = "isis",
	[132] = "sctp",
	[133] = "fc",
	[135] = "mobility-header",
	[136] = "udplite",
	[137] = "mpls-in-ip",
	[138] = "manet",
	[139] = "hip",
	[140] = "shim6",
	[141] = "wesp",
	[142] = "rohc",
	[143] = "ethernet",
};

/* Names that rulesets use beside those above: iptables' own, and old ones of /etc/protocols. */
static const struct {
	const char *name;
	uint8_t protocol;
} aliases[] = {
	{ "all", 0 },
	{ "hopopt", 0 },
	{ "icmpv6", PROTOCOL_ICMPV6 },
	{ "ipv6-mh", PROTOCOL_MH },
	{ "mh", PROTOCOL_MH },
};

#define N_ITEMS(array) (sizeof(array) / sizeof((array)[0]))

bool protocol_is_extension(uint8_t protocol)
{
	enum { HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, DESTINATION = 60 };

	return protocol == HOP_BY_HOP || protocol == ROUTING || protocol == FRAGMENT || protocol == PROTOCOL_AH ||
	       protocol == DESTINATION;
}

const char *protocol_name(uint8_t protocol)
{
	return protocols[protocol];
}

/* Up to five decimal digits and nothing else, at most `most`. */
bool protocol_parse(const char *name, uint8_t *protocol)
{
	unsigned long number;
	char *end;

	for (unsigned i = 0; i < N_ITEMS(protocols); i++) {
		if (protocols[i] && strcasecmp(protocols[i], name) == 0) {
			*protocol = (uint8_t)i;
			return true;
		}
	}
	for (size_t i = 0; i < N_ITEMS(aliases); i++) {
		if (strcasecmp(aliases[i].name, name) == 0) {
			*protocol = aliases[i].protocol;
			return true;
		}
	}
	/* As xtables_strtoui() reads it: 0x hex and 0 octal too. */
	if (*name < '0' || *name > '9' || strlen(name) > 5)
		return false;
	number = strtoul(name, &end, 0);
	if (*end || number > UINT8_MAX)
		return false;
	*protocol = (uint8_t)number;
	return true;
}

const char *protocol_title(uint8_t protocol)
{
	switch (protocol) {
	case PROTOCOL_ICMP:
		return "ICMP";
	case PROTOCOL_IGMP:
		return "IGMP";
	case 4:
		return "IPIP";
	case PROTOCOL_TCP:
		return "TCP";
	case PROTOCOL_UDP:
		return "UDP";
	case PROTOCOL_DCCP:
		return "DCCP";
	case 41:
		return "6in4";
	case PROTOCOL_GRE:
		return "GRE";
	case PROTOCOL_ESP:
		return "ESP";
	case PROTOCOL_AH:
		return "AH";
	case PROTOCOL_ICMPV6:
		return "ICMPv6";
	case 88:
		return "EIGRP";
	case 89:
		return "OSPF";
	case 103:
		return "PIM";
	case 112:
		return "VRRP";
	case PROTOCOL_SCTP:
		return "SCTP";
	case PROTOCOL_UDPLITE:
		return "UDPLITE";
	default:
		return NULL;
	}
}

bool protocol_parse_service(const char *name, uint16_t *port)
{
	for (size_t i = 0; i < protocol_n_services; i++) {
		if (strcmp(protocol_services[i].name, name) == 0) {
			*port = protocol_services[i].port;
			return true;
		}
	}
	return false;
}

bool protocol_has_service(uint8_t protocol, const char *name)
{
	uint8_t bit = protocol == PROTOCOL_TCP ? SERVICE_TCP : protocol == PROTOCOL_UDP ? SERVICE_UDP :
		      protocol == PROTOCOL_SCTP ? SERVICE_SCTP : 0;

	for (size_t i = 0; i < protocol_n_services; i++)
		if (strcmp(protocol_services[i].name, name) == 0 && protocol_services[i].protocols & bit)
			return true;
	return false;
}

const char *protocol_nearest_service(const char *name)
{
	enum { SERVICES_MOST = 128 };
	const char *names[SERVICES_MOST];
	size_t n = 0;

	for (; n < protocol_n_services && n < SERVICES_MOST; n++)
		names[n] = protocol_services[n].name;
	return diag_nearest(name, names, n);
}

const char *protocol_service(uint16_t port)
{
	size_t low = 0, high = protocol_n_services;

	/* The first row of the port: rows are in the order of their ports. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (protocol_services[middle].port < port)
			low = middle + 1;
		else
			high = middle;
	}
	return low < protocol_n_services && protocol_services[low].port == port ? protocol_services[low].name : NULL;
}

const char *const *protocol_names(void)
{
	static const char *const names[] = {
		"ip", "icmp", "igmp", "ggp", "ipencap", "st", "tcp", "egp", "igp", "pup", "udp", "hmp",
		"xns-idp", "rdp", "iso-tp4", "dccp", "xtp", "ddp", "idpr-cmtp", "ipv6", "ipv6-route",
		"ipv6-frag", "idrp", "rsvp", "gre", "esp", "ah", "skip", "ipv6-icmp", "ipv6-nonxt",
		"ipv6-opts", "rspf", "vmtp", "eigrp", "ospf", "ax.25", "ipip", "etherip", "encap", "pim",
		"ipcomp", "vrrp", "l2tp", "isis", "sctp", "fc", "mobility-header", "udplite", "mpls-in-ip",
		"manet", "hip", "shim6", "wesp", "rohc", "ethernet",
		"all", "icmpv6", "mh", NULL
	};

	return names;
}
