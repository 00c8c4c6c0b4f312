// An idiomatic Go echo server: a goroutine per connection, blocking reads and writes.
// Usage: echo_go PORT [echo|discard]
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

func discard(conn net.Conn) {
	defer conn.Close()
	buf := make([]byte, 64<<10)
	for {
		if _, err := conn.Read(buf); err != nil {
			return
		}
	}
}

func main() {
	handlers := map[string]func(net.Conn){"echo": echo, "discard": discard}
	handle := echo
	if len(os.Args) == 3 {
		handle = handlers[os.Args[2]]
	}
	if len(os.Args) < 2 || len(os.Args) > 3 || handle == nil {
		log.Fatalf("usage: %s PORT [echo|discard]", os.Args[0])
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
		go handle(conn)
	}
}
