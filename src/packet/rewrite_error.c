/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/checksum.h"
#include "packet/rewrite.h"
#include "packet/rewrite_words.h"

enum { UDP_LENGTH = 4, UDP_CHECKSUM = 6, ICMP_HEADER_LEN = 8 };

void rewrite_error_as_datagram(struct packet *packet, uint16_t checksum)
{
	int udp = (int)packet->l4_offset, icmp_field = checksum_field_offset(packet->protocol);
	struct packet datagram;

	if (packet_is_cut(packet) || icmp_field < 0 || packet->l4_len < ICMP_HEADER_LEN)
		return;
	write_u16(packet, udp + icmp_field, checksum);
	write_u16(packet, udp + UDP_LENGTH, (uint16_t)packet->l4_len);
	if (read_u16(packet, udp + UDP_CHECKSUM) == 0)
		return;
	datagram = *packet;	/* its view alone: the bytes are shared */
	datagram.protocol = PROTOCOL_UDP;
	checksum = checksum_compute_l4(&datagram);
	write_u16(packet, udp + UDP_CHECKSUM, checksum ? checksum : UINT16_MAX);
}
