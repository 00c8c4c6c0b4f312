// An idiomatic Go echo server: a goroutine per connection, blocking reads and writes.
// Usage: echo_go PORT
package main

import (
	"fmt"
	"log"
	"net"
	"os"
)

func echo(conn net.Conn) {
	defer conn.Close()
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		// Write returns only when all of it is written, or with an error.
		if _, err := conn.Write(buf[:n]); err != nil {
			return
		}
	}
}

func main() {
	if len(os.Args) != 2 {
		log.Fatalf("usage: %s PORT", os.Args[0])
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening")
	for {
		conn, err := listener.Accept() // sets TCP_NODELAY, as Go does by default
		if err != nil {
			log.Print(err)
			continue
		}
		go echo(conn)
	}
}
