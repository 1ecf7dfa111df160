// texts
