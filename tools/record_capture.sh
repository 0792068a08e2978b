#!/bin/sh
# Records data/captures/two-hosts.pcapng anew: two hosts, each a network namespace, joined by a veth pair.
#   sudo tools/record_capture.sh [output.pcapng]
# Needs root and: ip (iproute2), ethtool, ping (iputils-ping), tcpdump, iperf3, curl, python3,
# reordercap and editcap (wireshark-common).
# On Debian 12: apt-get install iproute2 ethtool iputils-ping tcpdump iperf3 curl python3 wireshark-common
set -eu

output=${1:-$(dirname "$0")/../data/captures/two-hosts.pcapng}
a=lightlane-a-$$
b=lightlane-b-$$
work=$(mktemp -d)

for tool in ip ethtool ping tcpdump iperf3 curl python3 reordercap editcap; do
  command -v "$tool" > /dev/null || { echo "record_capture: $tool is missing" >&2; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo "record_capture: network namespaces need root" >&2; exit 2; }

servers=
cleanup() {
  for process in $servers; do kill "$process" 2> /dev/null || true; done
  ip netns del "$a" 2> /dev/null || true
  ip netns del "$b" 2> /dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

on_a() { ip netns exec "$a" "$@"; }
on_b() { ip netns exec "$b" "$@"; }

ip netns add "$a"
ip netns add "$b"
ip -n "$a" link add name eth0 address 02:00:00:00:00:0a type veth peer name eth0 address 02:00:00:00:00:0b netns "$b"
for host in "$a" "$b"; do
  # Without offloads the stack hands over what goes onto a wire: no segments longer than the MTU, real checksums.
  ip netns exec "$host" ethtool -K eth0 tx off rx off sg off tso off gso off gro off > /dev/null 2>&1
  ip -n "$host" link set dev lo up
  ip -n "$host" link set dev eth0 mtu 9000
done
ip -n "$a" addr add 10.0.0.1/24 dev eth0
ip -n "$b" addr add 10.0.0.2/24 dev eth0

# While the other end is still down, so that duplicate address detection and router solicitation are recorded too.
ip -n "$a" link set dev eth0 up
ip netns exec "$a" tcpdump -i eth0 -s 0 -U --time-stamp-precision=nano -w "$work/raw.pcap" 2> "$work/tcpdump.log" &
recorder=$!
servers="$servers $recorder"
while [ ! -s "$work/raw.pcap" ]; do
  kill -0 "$recorder" 2> /dev/null || { cat "$work/tcpdump.log" >&2; exit 1; }
  sleep 0.1
done
ip -n "$b" link set dev eth0 up
ip -n "$a" addr add fd00:400::1/64 dev eth0
ip -n "$b" addr add fd00:400::2/64 dev eth0
sleep 3

# Servers of host b: HTTP on IPv6 (and so IPv4), iperf3.
seq -f "line %05g: frames, words, blocks, codewords, symbols" 1 400 > "$work/lines.txt"
ip netns exec "$b" python3 -m http.server --directory "$work" --bind :: 80 > /dev/null 2>&1 &
servers="$servers $!"
ip netns exec "$b" iperf3 --server > /dev/null 2>&1 &
servers="$servers $!"
sleep 1

on_a ping -q -w 10 -c 3 -i 0.2 10.0.0.2                       > /dev/null  # ARP, ICMP
on_a ping -q -w 10 -c 3 -i 0.2 -s 8972 -M do 10.0.0.2         > /dev/null  # jumbo ICMP: 9014 octets
on_a ping -q -w 10 -c 2 -i 0.2 -s 1 10.0.0.2                  > /dev/null  # short frames: the MAC pads them
on_a ping -q -w 10 -c 3 -i 0.2 -6 fd00:400::2                 > /dev/null  # neighbour discovery, ICMPv6
on_a ping -q -w 10 -c 2 -i 0.2 -6 -s 8952 -M do fd00:400::2   > /dev/null  # jumbo ICMPv6
on_a curl -sS --noproxy '*' --max-time 10 -o /dev/null http://10.0.0.2/lines.txt      # TCP on IPv4
on_a curl -sS --noproxy '*' --max-time 10 -o /dev/null 'http://[fd00:400::2]/lines.txt'   # TCP on IPv6
on_a iperf3 --client 10.0.0.2 --bytes 30000 --length 6000 --set-mss 1460 > /dev/null       # TCP of 1514 octets
on_a iperf3 --client 10.0.0.2 --bytes 64000 --length 32000 > /dev/null                      # TCP of 9014 octets
on_a iperf3 --client 10.0.0.2 --udp --bitrate 10M --bytes 20000 --length 1000 > /dev/null
on_a iperf3 --client fd00:400::2 --udp --bitrate 10M --bytes 4000 --length 200 > /dev/null
sleep 1

kill "$recorder"
wait "$recorder" || true
grep -q '^0 packets dropped by kernel' "$work/tcpdump.log" || { cat "$work/tcpdump.log" >&2; exit 1; }
# The two directions are stamped on different processors: a few stamps are out of order.
reordercap "$work/raw.pcap" "$work/ordered.pcap" > /dev/null
editcap -F pcapng "$work/ordered.pcap" "$work/two-hosts.pcapng"
mv "$work/two-hosts.pcapng" "$output"
echo "$output: $(wc -c < "$output") bytes"
