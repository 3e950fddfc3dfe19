// Check judges files of tranchain with the libraries of Go's checksum database.
//
//	check inclusion POLICY PROOF LEAF
//	check consistency POLICY PROOF OLD-CHECKPOINT
//	check proof POLICY PROOF-FILE OPENED-FIELDS
//	check tiles POLICY FOLDER SIZE
//
// Only cosignature/v1, which golang.org/x/mod does not know, is verified by hand.
// SPDX-License-Identifier: Apache-2.0
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// cosigner is a member's key: C2SP type 0x04.
type cosigner struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.id }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(c.key, []byte(text), sig[8:])
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	must(err)
	return data
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	must(err)
	return n
}

type policy struct {
	origin string
	keys   []note.Verifier
	quorum int
}

func parsePolicy(data []byte) (p policy) {
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		switch f := strings.Fields(line); f[0] {
		case "log":
			v, err := note.NewVerifier(f[1])
			must(err)
			p.origin, p.keys = v.Name(), append(p.keys, v)
		case "witness":
			part := strings.SplitN(f[2], "+", 3)
			id, err := strconv.ParseUint(part[1], 16, 32)
			must(err)
			key, err := base64.StdEncoding.DecodeString(part[2])
			must(err)
			if key[0] != 4 || len(key) != 33 {
				log.Fatal("not a cosigner's key")
			}
			p.keys = append(p.keys, cosigner{part[0], uint32(id), key[1:]})
		case "group":
			p.quorum = int(number(f[2]))
		}
	}
	return p
}

// open checks the log's signature and the quorum, and returns the tree.
func (p policy) open(data []byte) tlog.Tree {
	n, err := note.Open(data, note.VerifierList(p.keys...))
	must(err)
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + strings.TrimPrefix(n.Text, p.origin+"\n")))
	must(err)
	endorsed := map[string]bool{}
	logged := false
	for _, s := range n.Sigs {
		if s.Name == p.origin {
			logged = true
		} else {
			endorsed[s.Name] = true
		}
	}
	if !logged || len(endorsed) < p.quorum {
		log.Fatalf("%d endorsements, %d are needed; log signature: %v", len(endorsed), p.quorum, logged)
	}
	return tree
}

// proofFile is the file of proof make: what it opens, and the way up to a checkpoint.
type proofFile struct {
	Kind, Genesis string
	Checkpoint    []string
	Block         struct {
		Header string
		Path   []string
	}
	Record struct {
		Index int64
		Leaf  string
		Path  []string
	}
	Rows []struct {
		Index, Count int64
		Root         string `json:"fields_root"`
		Path         []string
		Fields       []struct {
			Index             int64
			Name, Salt, Value string
			Path              []string
		}
	}
}

func hash(text string) (h tlog.Hash) {
	b, err := hex.DecodeString(text)
	must(err)
	if copy(h[:], b) != tlog.HashSize {
		log.Fatal("not a hash: ", text)
	}
	return h
}

func sum(parts ...string) tlog.Hash { return sha256.Sum256([]byte(strings.Join(parts, ""))) }

// under checks that leaf is number index of size under root.
func under(path []string, size int64, root tlog.Hash, index int64, leaf tlog.Hash) {
	var proof tlog.RecordProof
	for _, line := range path {
		proof = append(proof, hash(line))
	}
	must(tlog.CheckRecord(proof, size, root, index, leaf))
}

// checkProof walks from the checkpoint down to each opened field, and returns how many there are.
func checkProof(p policy, data []byte) (opened int) {
	var f proofFile
	must(json.Unmarshal(data, &f))
	tree := p.open([]byte(strings.Join(f.Checkpoint, "\n") + "\n"))
	var header struct {
		Height, Records int64
		Root            string `json:"records_root"`
	}
	must(json.Unmarshal([]byte(f.Block.Header), &header))
	under(f.Block.Path, tree.N, tree.Hash, header.Height, tlog.RecordHash([]byte(f.Block.Header)))
	under(f.Record.Path, header.Records, hash(header.Root), f.Record.Index, tlog.RecordHash([]byte(f.Record.Leaf)))
	var leaf struct {
		Record struct {
			Rows int64
			Root string `json:"rows_root"`
		}
	}
	must(json.Unmarshal([]byte(f.Record.Leaf), &leaf))
	for _, row := range f.Rows {
		root := hash(row.Root)
		count := binary.BigEndian.AppendUint32(nil, uint32(row.Count))
		under(row.Path, leaf.Record.Rows, hash(leaf.Record.Root), row.Index,
			sum("\x00tranchain/row/v1\n", string(count), string(root[:])))
		for _, field := range row.Fields {
			salt := hash(field.Salt)
			under(field.Path, row.Count, root, field.Index,
				sum("\x00tranchain/field/v1\n", field.Name, "\x00", string(salt[:]), field.Value))
			opened++
		}
	}
	return opened
}

// folder reads tiles of tlog-tiles, which leaves the height (8) out of the names and calls data
// tiles entries.
type folder string

func (f folder) read(t tlog.Tile) []byte {
	name := strings.Replace(t.Path(), "tile/8/", "tile/", 1)
	return read(string(f) + "/" + strings.Replace(name, "/data/", "/entries/", 1))
}
func (folder) Height() int { return 8 }
func (f folder) ReadTiles(tiles []tlog.Tile) (data [][]byte, err error) {
	for _, t := range tiles {
		data = append(data, f.read(t))
	}
	return data, nil
}
func (folder) SaveTiles([]tlog.Tile, [][]byte) {}

// checkTiles authenticates every tile against the checkpoint, and every entry against the tiles.
func checkTiles(p policy, f folder) int64 {
	tree := p.open(read(string(f) + "/checkpoint"))
	reader := tlog.TileHashReader(tree, f)
	for first := int64(0); first < tree.N; first += 256 {
		n := min(256, tree.N-first)
		bundle := f.read(tlog.Tile{H: 8, L: -1, N: first / 256, W: int(n)})
		for i := first; i < first+n; i++ {
			size := int(binary.BigEndian.Uint16(bundle))
			entry := bundle[2 : 2+size]
			bundle = bundle[2+size:]
			hashes, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, i)})
			must(err)
			if hashes[0] != tlog.RecordHash(entry) {
				log.Fatalf("entry %d is not what its tile says", i)
			}
		}
		if len(bundle) != 0 {
			log.Fatal("something follows the last entry")
		}
	}
	return tree.N
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func main() {
	log.SetFlags(0)
	p := parsePolicy(read(os.Args[2]))
	if os.Args[1] == "tiles" {
		if n := checkTiles(p, folder(os.Args[3])); n != number(os.Args[4]) {
			log.Fatalf("%d entries", n)
		}
		return
	}
	if os.Args[1] == "proof" {
		if n := checkProof(p, read(os.Args[3])); int64(n) != number(os.Args[4]) {
			log.Fatalf("%d fields are opened", n)
		}
		return
	}
	head, checkpoint, _ := bytes.Cut(read(os.Args[3]), []byte("\n\n"))
	lines := strings.Split(strings.TrimPrefix(string(head), "c2sp.org/tlog-proof@v1\n"), "\n")
	n := number(strings.Fields(lines[0])[1])
	var path []tlog.Hash
	for _, line := range lines[1:] {
		h, err := tlog.ParseHash(line)
		must(err)
		path = append(path, h)
	}
	tree := p.open(checkpoint)
	if os.Args[1] == "inclusion" {
		must(tlog.CheckRecord(path, tree.N, tree.Hash, n, tlog.RecordHash(read(os.Args[4]))))
	} else {
		old := p.open(read(os.Args[4]))
		if old.N != n {
			log.Fatal("the proof is for another size")
		}
		must(tlog.CheckTree(path, tree.N, tree.Hash, old.N, old.Hash))
	}
}
